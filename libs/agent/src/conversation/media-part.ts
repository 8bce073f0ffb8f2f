import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from '@ai-sdk/provider';
import type { FilePart, Model } from '#libs/contract';

const KINDS = ['image', 'audio', 'video'] as const;

/** A stored file as media for the model, or a sentence in its place when the model cannot take it. */
export function mediaPart(file: Pick<FilePart, 'mime' | 'url' | 'filename'>, model: Model) {
  const kind = file.mime === 'application/pdf' ? 'pdf' : KINDS.find((kind) => file.mime.startsWith(`${kind}/`));
  const name = file.filename ? `"${file.filename}"` : 'a file';
  if (kind && !model.capabilities.input[kind])
    return text(`ERROR: Cannot read ${name}: this model does not accept ${kind} input. Tell the user.`);
  if (!kind && !file.mime.startsWith('text/'))
    return text(`ERROR: Cannot read ${name}: models do not take files of the type ${file.mime}.`);
  const data = /^data:[^,]*;base64,(.*)$/s.exec(file.url);
  if (data && data[1] === '') return text(`ERROR: ${name} is empty or damaged. Ask the user for a valid file.`);
  // most providers refuse a text as a file
  if (!kind && data) return text(Buffer.from(data[1] ?? '', 'base64').toString());
  return {
    type: 'file',
    mediaType: file.mime,
    filename: file.filename,
    data: data ? { type: 'data', data: data[1] ?? '' } : { type: 'url', url: new URL(file.url) },
  } satisfies LanguageModelV4FilePart;
}

const text = (value: string): LanguageModelV4TextPart => ({ type: 'text', text: value });
