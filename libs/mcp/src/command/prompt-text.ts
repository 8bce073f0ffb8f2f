import type { GetPromptResult } from '@modelcontextprotocol/client';

/** The texts of the messages of a prompt, a line each; what is no text leaves an empty line. */
export function promptText({ messages }: GetPromptResult): string {
  return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n');
}
