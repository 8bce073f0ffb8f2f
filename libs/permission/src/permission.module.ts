import { Module } from '@nestjs/common';
import { AskPolicyService } from './ask-policy.service.js';
import { PermissionService } from './permission.service.js';
import { QuestionService } from './question.service.js';

/**
 * Permission rules, and open requests to the user. Needs the EventBus and the ports Clock, Environment and SessionStore
 * from global modules.
 */
@Module({
  providers: [AskPolicyService, PermissionService, QuestionService],
  exports: [PermissionService, QuestionService],
})
export class PermissionModule {}
