import { createHash, randomBytes } from 'node:crypto';

export interface Pkce {
  verifier: string;
  challenge: string;
}

/** A secret for one login, and what may be told of it before (RFC 7636, S256). */
export function createPkce(): Pkce {
  const verifier = randomText();
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Unguessable text for URLs. */
export function randomText(): string {
  return randomBytes(32).toString('base64url');
}
