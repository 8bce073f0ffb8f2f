import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ReviewJob, WorkerModule } from './worker.module.js';

const app = await NestFactory.createApplicationContext(WorkerModule, { logger: ['error'] });
console.log(await app.get(ReviewJob).run(process.cwd(), process.argv.slice(2).join(' ') || 'read package.json'));
await app.close();
