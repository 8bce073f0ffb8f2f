import { createSlug } from '#libs/contract';

/** Characters of a name: it becomes that of a directory and of a branch. */
const MAX_LENGTH = 60;
const TRIES = 26;

/** Lower case letters, digits and single dashes; empty when nothing is left. */
function worktreeSlug(text: string): string {
  const slug = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, MAX_LENGTH);
  return slug.replace(/-$/, '');
}

/** Names to try, in this order: the wanted one, then with two words behind it; two words when none is wanted. */
export function* worktreeNames(wanted: string): Generator<string> {
  const slug = worktreeSlug(wanted);
  for (let tries = 0; tries < TRIES; tries++) {
    if (slug === '') yield createSlug();
    else yield tries === 0 ? slug : `${slug}-${createSlug()}`;
  }
}
