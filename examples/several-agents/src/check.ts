import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppModule } from './app.module.js';

test('two agents share an application and nothing else', async () => {
  const app = await NestFactory.create(AppModule, { logger: false, forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  try {
    const url = await app.getUrl();
    const json = async (path: string, init: RequestInit = {}) =>
      (await (await fetch(url + path, { ...init, headers: { 'content-type': 'application/json' } })).json()) as never;
    await json('/support/session', { method: 'POST', body: '{}' });
    assert.deepEqual(await json('/load'), { support: 1, builder: 0 });
    const tools = await Promise.all(['support', 'builder'].map((name) => json(`/${name}/experimental/tool/ids`)));
    assert.deepEqual(
      tools.map((ids: string[]) => ids.includes('close_ticket')),
      [true, false],
    );
  } finally {
    await app.close();
  }
});
