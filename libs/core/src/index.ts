export { OpencodeModule } from './opencode.module.js';
export type { OpencodeExtras, OpencodeOptions, StorageModule } from './opencode-options.js';
