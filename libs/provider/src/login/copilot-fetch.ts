import { isPlain } from '../request/merge-options.js';

/** A fetch with the token of a GitHub login and what Copilot wants to know of a request. */
export function copilotFetch(token: () => Promise<string>): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(input instanceof Request ? input.headers : undefined);
    new Headers(init?.headers).forEach((value, name) => headers.set(name, value));
    headers.delete('x-api-key');
    headers.set('authorization', `Bearer ${await token()}`);
    headers.set('openai-intent', 'conversation-edits');
    const turns = typeof init?.body === 'string' ? turnsOf(init.body) : [];
    // whoever calls past a run may not say it
    if (!headers.has('x-initiator')) headers.set('x-initiator', isPerson(turns.at(-1)) ? 'user' : 'agent');
    if (turns.some(hasImage)) headers.set('copilot-vision-request', 'true');
    return await fetch(input, { ...init, headers });
  };
}

function turnsOf(text: string): unknown[] {
  const body: unknown = JSON.parse(text);
  const turns = isPlain(body) ? (body['messages'] ?? body['input']) : undefined;
  return Array.isArray(turns) ? turns : [];
}

/** A message of the user that is no result of a tool. */
function isPerson(turn: unknown): boolean {
  if (!isPlain(turn) || turn['role'] !== 'user') return false;
  const { content } = turn;
  return !Array.isArray(content) || content.some((part) => !isPlain(part) || part['type'] !== 'tool_result');
}

function hasImage(turn: unknown): boolean {
  const content = isPlain(turn) ? turn['content'] : undefined;
  return Array.isArray(content) && content.some((part) => isPlain(part) && /image/.test(String(part['type'])));
}
