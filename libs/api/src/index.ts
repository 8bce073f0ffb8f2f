export { OpencodeHttpModule, type OpencodeHttpOptions } from './opencode-http.module.js';
