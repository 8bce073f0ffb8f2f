import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReviewJob, WorkerModule } from './worker.module.js';

test('a job gets its answer without a server', async () => {
  const app = await NestFactory.createApplicationContext(WorkerModule, { logger: false });
  try {
    assert.match(await app.get(ReviewJob).run(process.cwd(), 'read package.json'), /example-headless-worker/);
  } finally {
    await app.close();
  }
});
