import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppModule, Audit } from './app.module.js';

test('the agent answers below /agent, behind the guard of the host', async () => {
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false, forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  try {
    const url = await app.getUrl();
    const headers = { authorization: 'Bearer sesame', 'content-type': 'application/json' };
    const post = async (path: string, body: object) =>
      (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<any>;

    assert.equal((await fetch(`${url}/agent/session`)).status, 403);
    const session = await post('/agent/session', { title: 'From outside' });
    const answer = await post(`/agent/session/${session.id}/message`, { parts: [{ type: 'text', text: 'list .' }] });
    assert.equal(answer.info.finish, 'stop');
    const summary = await (await fetch(`${url}/summary`, { headers })).json();
    assert.deepEqual(summary, { directory: process.cwd(), titles: 'From outside' });
    assert.deepEqual(app.get(Audit).lines, [session.id]);
    const document = (await (await fetch(`${url}/agent/doc`, { headers })).json()) as any;
    assert.ok(document.paths['/summary'] && document.paths['/agent/session']);
  } finally {
    await app.close();
  }
});
