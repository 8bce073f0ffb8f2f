import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppModule } from './app.module.js';

test('the agent streams its events on Express', async () => {
  const app = await NestFactory.create(AppModule, { logger: false, forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  try {
    const url = await app.getUrl();
    assert.match(await (await fetch(url)).text(), /agent lives/);
    const events = await fetch(`${url}/agent/event`);
    const first = await events.body!.pipeThrough(new TextDecoderStream()).getReader().read();
    assert.match(first.value ?? '', /^data: \{"type":"server\.connected"/);
    const health = await (await fetch(`${url}/agent/global/health`)).json();
    assert.equal((health as { healthy: boolean }).healthy, true);
  } finally {
    await app.close();
  }
});
