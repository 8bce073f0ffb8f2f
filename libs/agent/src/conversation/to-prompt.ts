import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { AssistantMessage, FilePart, MessageWithParts, Model, Part, ToolPart } from '#libs/contract';
import { mediaPart } from './media-part.js';

type AssistantContent = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'];
type UserContent = Extract<LanguageModelV4Message, { role: 'user' }>['content'];

export const INTERRUPTED = 'The tool call was interrupted before it finished; its result is unknown.';
export const PRUNED = '(This old tool output was removed to save space. Call the tool again if you need it.)';
const COMPACTION_QUESTION = 'What did we do so far?';
const SUBTASK_DONE = 'A sub-task was run on behalf of the user.';
const ATTACHMENTS_FOLLOW = 'Attached media from the tool result:';

/** Packages whose models read images and documents inside tool results. */
const MEDIA_IN_RESULTS = [
  '@ai-sdk/anthropic',
  '@ai-sdk/openai',
  '@ai-sdk/amazon-bedrock',
  '@ai-sdk/google-vertex/anthropic',
];

/** Stored messages, in turn order, as the prompt of a language model (without the system message). */
export function toPrompt(history: readonly MessageWithParts[], model: Model): LanguageModelV4Prompt {
  return history.flatMap(({ info, parts }) =>
    info.role === 'user' ? userMessage(parts, model) : assistantMessages(info, parts, model),
  );
}

function userMessage(parts: readonly Part[], model: Model): LanguageModelV4Prompt {
  const content = parts.flatMap((part): UserContent => {
    switch (part.type) {
      case 'text':
        return part.ignored || part.text === '' ? [] : [{ type: 'text', text: part.text }];
      case 'file':
        // synthetic texts carry the content of these
        return isTold(part) ? [] : [mediaPart(part, model)];
      case 'compaction':
        return [{ type: 'text', text: COMPACTION_QUESTION }];
      case 'subtask':
        return [{ type: 'text', text: SUBTASK_DONE }];
      default:
        return [];
    }
  });
  return content.length > 0 ? [{ role: 'user', content }] : [];
}

function isTold({ mime, url, source }: FilePart): boolean {
  if (mime === 'text/plain' || mime === 'application/x-directory') return true;
  return source?.type === 'resource' && !url.startsWith('data:');
}

function assistantMessages(info: AssistantMessage, parts: readonly Part[], model: Model): LanguageModelV4Prompt {
  if (info.error && !(info.error.name === 'MessageAbortedError' && parts.some(isSubstance))) return [];
  // signatures of one model mean nothing to another
  const same = info.providerID === model.providerID && info.modelID === model.id;
  const options = (part: { metadata?: Record<string, unknown> }) =>
    same && part.metadata ? { providerOptions: part.metadata as SharedV4ProviderOptions } : {};
  const prompt: LanguageModelV4Prompt = [];
  const attachments: FilePart[] = [];
  let content: AssistantContent = [];
  let results: LanguageModelV4ToolResultPart[] = [];
  const flush = () => {
    if (content.length > 0) prompt.push({ role: 'assistant', content });
    if (results.length > 0) prompt.push({ role: 'tool', content: results });
    content = [];
    results = [];
  };
  for (const part of parts) {
    // what a repeated attempt said comes after the results of the one before it
    if (part.type === 'step-start' && results.length > 0) flush();
    if (part.type === 'text') {
      // several providers refuse an empty text
      if (part.text !== '') content.push({ type: 'text', text: part.text, ...options(part) });
    } else if (part.type === 'reasoning') content.push({ type: 'reasoning', text: part.text, ...options(part) });
    else if (part.type === 'tool') {
      const input = part.state.input;
      content.push({ type: 'tool-call', toolCallId: part.callID, toolName: part.tool, input, ...options(part) });
      const inside = canHoldMedia(model);
      const output = resultOf(part, inside, model);
      results.push({ type: 'tool-result', toolCallId: part.callID, toolName: part.tool, output });
      if (!inside) attachments.push(...attachmentsOf(part));
    }
  }
  flush();
  if (attachments.length > 0)
    prompt.push({
      role: 'user',
      content: [{ type: 'text', text: ATTACHMENTS_FOLLOW }, ...attachments.map((file) => mediaPart(file, model))],
    });
  return prompt;
}

const isSubstance = (part: Part) => part.type !== 'step-start' && part.type !== 'reasoning';

const canHoldMedia = (model: Model) =>
  MEDIA_IN_RESULTS.includes(model.api.npm) || (model.api.npm === '@ai-sdk/google' && model.api.id.includes('gemini-3'));

function attachmentsOf(part: ToolPart): FilePart[] {
  return part.state.status === 'completed' && !part.state.time.compacted ? (part.state.attachments ?? []) : [];
}

function resultOf(part: ToolPart, inside: boolean, model: Model): LanguageModelV4ToolResultOutput {
  const { state } = part;
  switch (state.status) {
    case 'completed': {
      if (state.time.compacted) return { type: 'text', value: PRUNED };
      const files = inside ? attachmentsOf(part).map((file) => mediaPart(file, model)) : [];
      if (files.length === 0) return { type: 'text', value: state.output };
      return { type: 'content', value: [{ type: 'text', text: state.output }, ...files.map(asResultContent)] };
    }
    case 'error':
      return { type: 'error-text', value: state.error };
    default:
      return { type: 'error-text', value: INTERRUPTED };
  }
}

function asResultContent(
  part: ReturnType<typeof mediaPart>,
): { type: 'text'; text: string } | Omit<LanguageModelV4FilePart, 'providerOptions'> {
  return part;
}
