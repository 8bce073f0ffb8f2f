import { sep } from 'node:path';

/** A path as it is on the wire, with `/` between its parts. */
export const slashes = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));
