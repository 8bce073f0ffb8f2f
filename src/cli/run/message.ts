import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { FilePartInput } from '#libs/contract';

/** The words of the command line, and below them what is piped in. */
export async function readMessage(words: readonly string[], input: typeof process.stdin): Promise<string> {
  const piped = input.isTTY ? '' : await text(input);
  return [words.join(' '), piped].filter((piece) => piece.trim() !== '').join('\n');
}

/** Files and folders as parts of a message. Rejects when one is not there. */
export async function fileParts(paths: readonly string[]): Promise<FilePartInput[]> {
  return Promise.all(
    paths.map(async (path) => {
      const place = resolve(path);
      const entry = await stat(place).catch(() => undefined);
      if (!entry) throw new Error(`File not found: ${path}`);
      return {
        type: 'file' as const,
        url: pathToFileURL(place).href,
        filename: basename(place),
        mime: entry.isDirectory() ? 'application/x-directory' : 'text/plain',
      };
    }),
  );
}
