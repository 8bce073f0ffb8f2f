import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessageWithParts, Session } from '#libs/contract';
import { createApplication } from './application.fixture.js';

let app: NestFastifyApplication;
let url: string;
let home: string;
let one: string;
let two: string;

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'api-')));
  [one, two] = [join(home, 'one'), join(home, 'two')];
  await Promise.all([mkdir(one), mkdir(two)]);
  app = await createApplication(home);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
});

async function call(method: string, path: string, { body, directory }: { body?: unknown; directory?: string } = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(directory !== undefined && { 'x-opencode-directory': encodeURIComponent(directory) }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text };
}

async function answer<T>(method: string, path: string, options: Parameters<typeof call>[2] = {}): Promise<T> {
  const { status, type, text } = await call(method, path, options);
  expect([status, type]).toEqual([200, 'application/json']);
  return JSON.parse(text) as T;
}

const create = (directory: string): Promise<Session> => answer('POST', '/session', { directory });
const hello = { parts: [{ type: 'text', text: 'hello' }] };

/** Data of the events as they come in. */
async function listen(path: string): Promise<{ events: string[]; ended: Promise<void> }> {
  const events: string[] = [];
  const { body } = await fetch(url + path);
  const read = async () => {
    let text = '';
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      const frames = (text + chunk).split('\n\n');
      text = frames.pop() ?? '';
      events.push(...frames.map((frame) => frame.replace(/^data: /, '')));
    }
  };
  const ended = read().catch(() => undefined);
  for (let i = 0; i < 200 && events.length === 0; i++) await delay(5);
  return { events, ended };
}

describe('sessions', () => {
  it('are filtered by a directory in the query, and found by the project with one in the header', async () => {
    const [first, second] = [await create(one), await create(two)];
    const ids = async (path: string, directory?: string) =>
      (await answer<Session[]>('GET', path, { directory })).map(({ id }) => id);
    expect(await ids(`/session?directory=${encodeURIComponent(`${one}/`)}`)).toEqual([first.id]);
    expect((await ids('/session', one)).sort()).toEqual([first.id, second.id].sort());
    expect((await ids('/session?directory=', one)).sort()).toEqual([first.id, second.id].sort());
  });

  it('are worked on in their own directory, whatever the client names', async () => {
    const session = await create(one);
    const reply = await answer<MessageWithParts>('POST', `/session/${session.id}/message?directory=${two}`, {
      body: { ...hello, noReply: true },
    });
    expect(reply.info.sessionID).toBe(session.id);
    const { events } = await listen(`/event?directory=${one}`);
    await answer('PATCH', `/session/${session.id}`, { body: { title: 'Renamed' }, directory: two });
    await until(() => events.some((event) => event.includes('"session.updated"') && event.includes('Renamed')));
  });

  it('list their messages as one line of JSON', async () => {
    const { id } = await create(one);
    await answer('POST', `/session/${id}/message`, { body: { ...hello, noReply: true } });
    const { text, type } = await call('GET', `/session/${id}/message?limit=1`);
    expect(type).toBe('application/json');
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toMatchObject([{ info: { role: 'user' }, parts: [{ type: 'text', text: 'hello' }] }]);
  });

  it('take a prompt without an answer', async () => {
    const { id } = await create(one);
    const { status, text } = await call('POST', `/session/${id}/prompt_async`, { body: { ...hello, noReply: true } });
    expect([status, text]).toEqual([204, '']);
    expect(await answer('GET', `/session/${id}/message`)).toHaveLength(1);
    expect(await answer('POST', `/session/${id}/abort`)).toBe(true);
    expect(await answer('DELETE', `/session/${id}`)).toBe(true);
  });

  it('have told all of a reply when they answer', async () => {
    const { id } = await create(one);
    const { events } = await listen(`/event?directory=${one}`);
    const reply = await answer<MessageWithParts>('POST', `/session/${id}/message`, { body: hello });
    const told = events.map((event) => JSON.parse(event) as { type: string; properties: { part?: unknown } });
    const parts = told.filter(({ type }) => type === 'message.part.updated').map(({ properties }) => properties.part);
    expect(reply.parts.length).toBeGreaterThan(0);
    for (const part of reply.parts) expect(parts).toContainEqual(part);
  });
});

describe('event streams', () => {
  it('end when their instance is disposed; the global one goes on', async () => {
    const [local, global] = [await listen(`/event?directory=${two}`), await listen('/global/event')];
    expect(await answer('POST', '/instance/dispose', { directory: two })).toBe(true);
    await local.ended;
    const disposed = { type: 'server.instance.disposed', properties: { directory: two } };
    expect(JSON.parse(local.events.at(-1)!)).toEqual(disposed);
    expect(JSON.parse(global.events[0]!)).toEqual({ payload: { type: 'server.connected', properties: {} } });
    expect(global.events.map((event) => JSON.parse(event) as object)).toContainEqual({
      directory: two,
      payload: disposed,
    });

    expect(await answer('POST', '/global/dispose')).toBe(true);
    await until(() => global.events.some((event) => event.includes('"global.disposed"')));
    expect(JSON.parse(global.events.at(-1)!)).toEqual({
      directory: 'global',
      payload: { type: 'global.disposed', properties: {} },
    });
  });
});

describe('bad input', () => {
  it.each([
    ['GET', '/session/zzz', undefined, 400],
    ['GET', '/session/ses_none', undefined, 404],
    ['PATCH', '/session/ses_none', {}, 404],
    ['GET', '/session/ses_none/message', undefined, 404],
    ['GET', '/session/ses_none/message/x', undefined, 400],
    ['GET', '/session/ses_none/message/msg_none', undefined, 404],
    ['POST', '/session/ses_none/message', hello, 404],
    ['POST', '/session/ses_none/message', {}, 400],
    ['POST', '/session/ses_none/message', { parts: [{ type: 'nothing' }] }, 400],
    ['POST', '/session/ses_none/prompt_async', hello, 404],
    ['GET', '/session?limit=many', undefined, 400],
    ['GET', '/session?directory=/no/such/place', undefined, 404],
    ['POST', '/session', { parentID: 'x' }, 400],
    ['POST', '/permission/per_none/reply', { reply: 'once' }, 404],
    ['POST', '/permission/per_none/reply', { reply: 'maybe' }, 400],
    ['POST', '/permission/none/reply', { reply: 'once' }, 400],
    ['POST', '/session/ses_none/permissions/per_none', { response: 'once' }, 404],
    ['GET', '/experimental/tool', undefined, 400],
    ['POST', '/log', { service: 'x', level: 'loud', message: 'y' }, 400],
  ])('%s %s %j is a typed %4$i', async (method, path, body, expected) => {
    const { status, type, text } = await call(method, path, { body });
    expect([status, type]).toEqual([expected, 'application/json']);
    expect(JSON.parse(text)).toMatchObject(
      expected === 404 ? { name: 'NotFoundError', data: { message: expect.any(String) } } : { success: false },
    );
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await delay(5);
  expect(condition()).toBe(true);
}
