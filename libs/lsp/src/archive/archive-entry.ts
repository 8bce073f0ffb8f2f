import type { Readable } from 'node:stream';

/** One thing in an archive. Its name has `/` between its parts and is whatever the archive says. */
export type ArchiveEntry = { readonly name: string } & (
  | { readonly kind: 'file'; readonly executable: boolean; readonly content: Readable }
  | { readonly kind: 'folder' }
  /** `symbolic`: to a path seen from its own folder; `hard`: to the name of another entry. */
  | { readonly kind: 'symbolic' | 'hard'; readonly target: string }
);

/** Whether the permissions of a file let anybody run it. */
export const isExecutable = (mode: number) => (mode & 0o111) !== 0;
