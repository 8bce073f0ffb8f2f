import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';

type ContentPart = Extract<LanguageModelV4ToolResultOutput, { type: 'content' }>['value'][number];
type ContentFile = Extract<ContentPart, { type: 'file' }>;

/** The options of a call in the form of an earlier specification. What it cannot say is left out. */
export function oldCallOptions(options: LanguageModelV4CallOptions, version: 'v2' | 'v3'): unknown {
  const { reasoning: _reasoning, prompt, ...rest } = options;
  return { ...rest, prompt: prompt.map((message) => oldMessage(message, version)) };
}

function oldMessage(message: LanguageModelV4Message, version: 'v2' | 'v3'): unknown {
  if (message.role === 'system') return message;
  const content = message.content.flatMap((part): unknown[] => {
    switch (part.type) {
      case 'file':
        return [{ ...part, data: bareData(part.data) }];
      case 'tool-result':
        return [{ ...part, output: version === 'v2' ? v2Output(part.output) : v3Output(part.output) }];
      case 'tool-approval-response':
        return version === 'v2' ? [] : [part];
      case 'reasoning-file':
      case 'custom':
        return [];
      default:
        return [part];
    }
  });
  return { ...message, content };
}

function bareData(data: LanguageModelV4FilePart['data']): unknown {
  switch (data.type) {
    case 'data':
      return data.data;
    case 'url':
      return data.url;
    case 'text':
      return Buffer.from(data.text).toString('base64');
    case 'reference':
      throw new Error('This provider package is too old for files that were uploaded before');
  }
}

function v3Output(output: LanguageModelV4ToolResultOutput): unknown {
  if (output.type !== 'content') return output;
  return { ...output, value: output.value.map((part) => (part.type === 'file' ? v3File(part) : part)) };
}

function v3File(part: ContentFile): unknown {
  const image = part.mediaType.startsWith('image/');
  const data = bareData(part.data);
  if (data instanceof URL) return { type: image ? 'image-url' : 'file-url', url: data.href };
  const { mediaType, filename } = part;
  if (image) return { type: 'image-data', data: base64(data), mediaType };
  return { type: 'file-data', data: base64(data), mediaType, ...(filename === undefined ? {} : { filename }) };
}

function v2Output(output: LanguageModelV4ToolResultOutput): unknown {
  if (output.type === 'execution-denied') return { type: 'error-text', value: output.reason ?? 'The call was denied' };
  if (output.type !== 'content') return output;
  const value = output.value.flatMap((part): unknown[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type !== 'file') return [];
    const data = bareData(part.data);
    if (data instanceof URL) return [{ type: 'text', text: data.href }];
    return [{ type: 'media', data: base64(data), mediaType: part.mediaType }];
  });
  return { type: 'content', value };
}

function base64(data: unknown): unknown {
  return data instanceof Uint8Array ? Buffer.from(data).toString('base64') : data;
}
