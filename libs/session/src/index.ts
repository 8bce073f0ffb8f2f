export { SessionRunner, type PromptReceipt } from './run/session.runner.js';
export { SessionModule } from './session.module.js';
export { SessionService } from './session.service.js';
