export { OpencodeHttpModule, type OpencodeHttpOptions } from './opencode-http.module.js';
export { SessionDirectorySource } from './session/session-directory-source.adapter.js';
