export { PTY_OPTIONS, type PtyOptions } from './pty-options.js';
export { PtyModule } from './pty.module.js';
export { PtyService } from './pty.service.js';
export type { TerminalClient } from './terminal-feed.js';
