import { Module } from '@nestjs/common';
import { ConfigService } from './config.service.js';

/** Needs the port Environment. */
@Module({ providers: [ConfigService], exports: [ConfigService] })
export class ConfigModule {}
