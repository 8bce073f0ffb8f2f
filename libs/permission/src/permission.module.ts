import { Module } from '@nestjs/common';
import { PermissionService } from './permission.service.js';

/** Permission rules and open requests. Needs the EventBus. @publicApi */
@Module({ providers: [PermissionService], exports: [PermissionService] })
export class PermissionModule {}
