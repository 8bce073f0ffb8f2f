import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export { freePort } from './free-port.js';

const { resolve } = createRequire(import.meta.url);

/** Program and arguments of server-everything, the protocol's own test server. */
export const everything = (...args: string[]): string[] => [
  process.execPath,
  resolve('@modelcontextprotocol/server-everything/dist/index.js'),
  ...args,
];

/** Program and arguments of the server for files, which may use these directories. */
export const filesystem = (...directories: string[]): string[] => [
  process.execPath,
  resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
  ...directories,
];

/** Program and arguments of a server that does what real ones do on a bad day; see there for the modes. */
export const faulty = (...modes: string[]): string[] => [
  process.execPath,
  fileURLToPath(new URL('../fixtures/mcp/faulty-server.mjs', import.meta.url)),
  ...modes,
];
