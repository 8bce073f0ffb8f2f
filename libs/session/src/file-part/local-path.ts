import { fileURLToPath } from 'node:url';
import { InvalidRequestError } from '#libs/contract';

/** The path of a `file:` URL, whatever its query. @throws InvalidRequestError */
export function localPath(url: URL): string {
  try {
    return fileURLToPath(new URL(url.pathname, 'file://'));
  } catch {
    throw new InvalidRequestError(`Not a path on this machine: ${url.href}`);
  }
}

export const isLocal = (url: URL) => url.protocol === 'file:';
