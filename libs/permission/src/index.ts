export { PermissionCorrectedError, PermissionDeniedError, PermissionRejectedError } from './permission.error.js';
export { PermissionModule } from './permission.module.js';
export { PermissionService, type PermissionAsk, type PermissionReply } from './permission.service.js';
export { evaluate, isWithheld, rulesetOf } from './ruleset.js';
export { matchWildcard } from './wildcard.js';
