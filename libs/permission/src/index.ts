export { PermissionDeniedError, PermissionRejectedError } from './permission.error.js';
export { PermissionModule } from './permission.module.js';
export { PERMISSION_OPTIONS, type PermissionOptions, type UnansweredAction } from './permission.options.js';
export { PermissionService, type PermissionAsk } from './permission.service.js';
export { QuestionRejectedError } from './question.error.js';
export { QuestionService } from './question.service.js';
export { evaluate, isWithheld, rulesetOf } from './ruleset.js';
export { matchWildcard } from './wildcard.js';
