import type { OAuth } from '#libs/contract';
import { isPlain } from '../request/merge-options.js';

/** A fetch that brings requests of the Responses API to the backend of ChatGPT, with the token of a login. */
export function chatgptFetch(base: string, login: () => Promise<OAuth>): typeof fetch {
  return async (input, init) => {
    const { access, accountId } = await login();
    const headers = new Headers(input instanceof Request ? input.headers : undefined);
    new Headers(init?.headers).forEach((value, name) => headers.set(name, value));
    headers.set('authorization', `Bearer ${access}`);
    if (accountId) headers.set('chatgpt-account-id', accountId);
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const known = /\/(responses|chat\/completions)$/.test(pathname);
    const body = typeof init?.body === 'string' ? forChatgpt(init.body) : init?.body;
    return await fetch(known ? `${base}/responses` : input, { ...init, headers, ...(body == null ? {} : { body }) });
  };
}

/** It takes the system prompt as instructions, and no limit of tokens. */
function forChatgpt(text: string): string {
  const body: unknown = JSON.parse(text);
  if (!isPlain(body) || !Array.isArray(body['input'])) return text;
  const { max_output_tokens: _limit, input, ...rest } = body;
  const isSystem = (item: unknown) => isPlain(item) && (item['role'] === 'system' || item['role'] === 'developer');
  const items = input as unknown[];
  const instructions = items.filter(isSystem).map((item) => String((item as { content?: unknown }).content));
  return JSON.stringify({
    ...rest,
    instructions: [rest['instructions'], ...instructions].filter(Boolean).join('\n'),
    input: items.filter((item) => !isSystem(item)),
  });
}
