import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
} from '@ai-sdk/provider';
import type { Model } from '#libs/contract';
import { apiIdOf } from './model-family.js';
import { mergeOptions } from './merge-options.js';
import { markForCache } from './prompt-cache.js';

type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;
type AssistantMessageV4 = Extract<LanguageModelV4Message, { role: 'assistant' }>;
type Step = (prompt: LanguageModelV4Prompt, model: Model) => LanguageModelV4Prompt;

const ANTHROPIC = ['@ai-sdk/anthropic', '@ai-sdk/google-vertex/anthropic'];
const COMPATIBLE = '@ai-sdk/openai-compatible';

/** The conversation as the model and its adapter accept it. The given prompt is left as it is. */
export function adaptPrompt(prompt: LanguageModelV4Prompt, model: Model): LanguageModelV4Prompt {
  return STEPS.reduce((adapted, step) => step(adapted, model), prompt);
}

const STEPS: readonly Step[] = [
  replaceUnreadable,
  dropEmpty,
  restrictCallIds,
  separateToolAndUser,
  moveReasoning,
  markForCache,
];

/** Media the model cannot take become a sentence, so that it can tell the user. */
function replaceUnreadable(prompt: LanguageModelV4Prompt, model: Model): LanguageModelV4Prompt {
  return prompt.map((message) =>
    message.role === 'user' ? { ...message, content: message.content.map((part) => readable(part, model)) } : message,
  );
}

function readable(part: UserPart, model: Model): UserPart {
  if (part.type !== 'file') return part;
  const kind = kindOf(part.mediaType);
  if (!kind) return part;
  const name = part.filename ? `"${part.filename}"` : kind === 'pdf' ? 'a PDF' : `the ${kind}`;
  if (kind === 'image' && part.data.type === 'data' && part.data.data.length === 0)
    return { type: 'text', text: `ERROR: ${name} is empty or damaged. Tell the user to attach it again.` };
  if (model.capabilities.input[kind]) return part;
  return {
    type: 'text',
    text: `ERROR: ${name} cannot be read, because this model takes no ${kind} input. Tell the user so.`,
  };
}

function kindOf(mime: string): 'image' | 'audio' | 'video' | 'pdf' | undefined {
  if (mime === 'application/pdf') return 'pdf';
  const top = mime.split('/', 1)[0];
  return top === 'image' || top === 'audio' || top === 'video' ? top : undefined;
}

/** Anthropic refuses empty texts and messages. */
function dropEmpty(prompt: LanguageModelV4Prompt, model: Model): LanguageModelV4Prompt {
  if (!ANTHROPIC.includes(model.api.npm)) return prompt;
  return prompt.flatMap((message): LanguageModelV4Message[] => {
    if (message.role === 'system') return message.content === '' ? [] : [message];
    if (message.role === 'tool') return message.content.length === 0 ? [] : [message];
    const content = (message.content as { type: string; text?: string; providerOptions?: object }[]).filter(
      // reasoning without text still counts when it carries the provider's own encrypted form
      (part) => part.text !== '' || (part.type === 'reasoning' && part.providerOptions !== undefined),
    );
    return content.length === 0 ? [] : [{ ...message, content } as LanguageModelV4Message];
  });
}

/** Some models accept only certain characters in the ids of tool calls. */
function restrictCallIds(prompt: LanguageModelV4Prompt, model: Model): LanguageModelV4Prompt {
  const id = apiIdOf(model);
  if (id.includes('claude')) return mapCallIds(prompt, (callID) => callID.replace(/[^\w-]/g, '_'));
  if (!isMistral(model)) return prompt;
  return mapCallIds(prompt, (callID) =>
    callID
      .replace(/[^a-zA-Z0-9]/g, '')
      .slice(0, 9)
      .padEnd(9, '0'),
  );
}

function mapCallIds(prompt: LanguageModelV4Prompt, map: (id: string) => string): LanguageModelV4Prompt {
  return prompt.map((message) => {
    if (message.role !== 'assistant' && message.role !== 'tool') return message;
    const content = message.content.map((part) =>
      part.type === 'tool-call' || part.type === 'tool-result' ? { ...part, toolCallId: map(part.toolCallId) } : part,
    );
    return { ...message, content } as LanguageModelV4Message;
  });
}

/** Mistral refuses a user message right after a tool result. */
function separateToolAndUser(prompt: LanguageModelV4Prompt, model: Model): LanguageModelV4Prompt {
  if (!isMistral(model)) return prompt;
  return prompt.flatMap((message, index): LanguageModelV4Message[] =>
    message.role === 'tool' && prompt[index + 1]?.role === 'user'
      ? [message, { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] }]
      : [message],
  );
}

function isMistral(model: Model): boolean {
  return model.providerID === 'mistral' || /mistral|devstral/.test(apiIdOf(model));
}

/**
 * Compatible servers take earlier reasoning only in a field that the model declares; many refuse the request when
 * the field is there and they do not know it.
 */
function moveReasoning(prompt: LanguageModelV4Prompt, model: Model): LanguageModelV4Prompt {
  const { interleaved } = model.capabilities;
  const field = typeof interleaved === 'object' ? interleaved.field : undefined;
  if (!field && (model.api.npm !== COMPATIBLE || interleaved === true)) return prompt;
  return prompt.map((message) => (message.role === 'assistant' ? withoutReasoning(message, field) : message));
}

function withoutReasoning(message: AssistantMessageV4, field: string | undefined): AssistantMessageV4 {
  const text = message.content.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  const content = message.content.filter((part) => part.type !== 'reasoning');
  if (!field || !text) return { ...message, content };
  const providerOptions = mergeOptions(message.providerOptions, { openaiCompatible: { [field]: text } });
  return { ...message, content, providerOptions: providerOptions as AssistantMessageV4['providerOptions'] };
}
