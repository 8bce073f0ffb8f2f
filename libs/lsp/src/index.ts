export { LspModule } from './lsp.module.js';
