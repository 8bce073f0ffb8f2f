import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Model, Provider } from '#libs/contract';

const NOOP: NonNullable<LanguageModelV4CallOptions['tools']>[number] = {
  type: 'function',
  name: '_noop',
  description: 'Never call this tool. It is here because the proxy needs one.',
  inputSchema: { type: 'object', properties: {} },
};

/** Whether requests go through a LiteLLM proxy, as the configuration or a name says. */
export function isLiteLlm({ id, options }: Provider, model: Model): boolean {
  return options['litellmProxy'] === true || `${id} ${model.api.id}`.toLowerCase().includes('litellm');
}

/** LiteLLM refuses a conversation with tool calls when no tool is offered. */
export function withNoopTool(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  if (options.tools && options.tools.length > 0) return options;
  const called = options.prompt.some(
    ({ role, content }) => role === 'assistant' && content.some(({ type }) => type === 'tool-call'),
  );
  return called ? { ...options, tools: [NOOP] } : options;
}
