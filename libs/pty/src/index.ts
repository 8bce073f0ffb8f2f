export { PtyModule } from './pty.module.js';
