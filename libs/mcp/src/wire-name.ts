import { createHash } from 'node:crypto';

/** Characters of the name of a tool that model providers accept. */
const LIMIT = 64;
const HASH = 8;

/** A name as part of an id that models and clients use: other characters than letters, digits, `_` and `-` become `_`. */
export const wireName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '_');

/** The id of a tool. One that is too long is cut, and told apart by a hash. */
export function toolId(server: string, tool: string): string {
  const id = `${wireName(server)}_${wireName(tool)}`;
  if (id.length <= LIMIT) return id;
  const hash = createHash('sha256').update(`${server}\0${tool}`).digest('hex').slice(0, HASH);
  return `${id.slice(0, LIMIT - HASH - 1)}_${hash}`;
}
