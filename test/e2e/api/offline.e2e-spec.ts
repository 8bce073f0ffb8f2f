import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type EventReader, TemporaryProject, TestServer } from '../../../src/testing.js';
import { ProjectClient } from '../../helpers/project-client.js';

const GUIDE = { providerID: 'offline', modelID: 'guide' };
const FILES = { 'README.md': '# Hello\n', 'src/main.ts': "console.log('needle');\n" };

/** What a tool part says of its call. */
interface Call {
  tool: string;
  state: { status: string; input: Record<string, unknown>; output?: string };
}

describe('a server with nothing configured', () => {
  let server: TestServer;
  let project: TemporaryProject;
  let client: ProjectClient;
  let events: EventReader;
  beforeAll(async () => {
    project = await TemporaryProject.create({ files: FILES });
    server = await TestServer.start();
    client = new ProjectClient(server, project);
    events = await client.openEvents();
  });
  afterAll(async () => {
    await server.close();
    await project.remove();
  });

  /** Sends one message to a new session; what was called, and what was said in the end. */
  async function ask(message: string, input: object = {}) {
    const session = await client.create(input);
    const answer = await client.prompt(session.id, message);
    expect([answer.status, answer.body.info.error]).toEqual([200, undefined]);
    const { body } = await client.get(`/session/${session.id}/message`);
    const parts = body.flatMap((each: { parts: object[] }) => each.parts);
    const calls: Call[] = parts.filter(({ type }: { type: string }) => type === 'tool');
    return { session, answer: answer.body, calls, said: textOf(answer.body.parts) };
  }

  it('offers the offline guide as the default model', async () => {
    const { body } = await client.get('/config/providers');
    expect(body.providers.map(({ id }: { id: string }) => id)).toEqual(['offline']);
    expect(body.default).toEqual({ offline: 'guide' });
    const { body: all } = await client.get('/provider');
    expect(all.connected).toEqual(['offline']);
    expect(all.default).toMatchObject({ offline: 'guide' });
  });

  it('answers, streamed, and says what it is and how to get a real model', async () => {
    const { session, answer, said, calls } = await ask('Hello!');
    expect(answer.info).toMatchObject({ ...GUIDE, role: 'assistant', finish: 'stop', agent: 'build', cost: 0 });
    expect(said).toMatch(/not a language model/);
    for (const way of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'Ollama', 'opencode.json']) expect(said).toContain(way);
    expect(calls).toEqual([]);
    await events.next(({ type, properties }) => type === 'session.idle' && properties['sessionID'] === session.id);
    const deltas = events.all(
      ({ type, properties }) => type === 'message.part.delta' && properties['sessionID'] === session.id,
    );
    expect(deltas.length).toBeGreaterThan(3);
    expect(
      deltas
        .map(({ properties }) => properties['delta'])
        .join('')
        .trimEnd(),
    ).toBe(said);
  });

  it('is honest about what it does not understand', async () => {
    const { said, calls } = await ask('Rewrite the scheduler so that it is fair');
    expect(calls).toEqual([]);
    expect(said).toMatch(/did not understand/);
  });

  it.each([
    ['list files', 'glob', { pattern: '*' }, 'README.md'],
    ['read README.md', 'read', { filePath: 'README.md' }, '# Hello'],
    ['search for needle', 'grep', { pattern: 'needle' }, 'main.ts'],
    ['run echo from the shell', 'bash', { command: 'echo from the shell' }, 'from the shell'],
  ])('carries out "%s" with the real tool', async (message, tool, input, output) => {
    const { calls, said } = await ask(message);
    expect(calls).toMatchObject([
      { tool, state: { status: 'completed', input, output: expect.stringContaining(output) } },
    ]);
    expect(said).toContain(output);
  });

  it('creates a file', async () => {
    const { calls } = await ask('create notes.txt with Remember the milk');
    expect(calls).toMatchObject([{ tool: 'write', state: { status: 'completed', input: { filePath: 'notes.txt' } } }]);
    expect(await project.read('notes.txt')).toBe('Remember the milk\n');
  });

  it('tells of a tool that failed', async () => {
    const { calls, said } = await ask('read missing.txt');
    expect(calls).toMatchObject([{ tool: 'read', state: { status: 'error' } }]);
    expect(said).toContain('missing.txt');
  });

  it('asks before it runs a command where the session says so', async () => {
    const permission = [{ permission: 'bash', pattern: '*', action: 'ask' }];
    for (const [answer, status] of [
      ['once', 'completed'],
      ['reject', 'error'],
    ]) {
      const session = await client.create({ permission });
      const prompt = client.prompt(session.id, 'run echo allowed');
      const { properties } = await events.next('permission.asked');
      expect(properties).toMatchObject({
        sessionID: session.id,
        permission: 'bash',
        patterns: ['echo allowed'],
        always: [expect.stringMatching(/^echo/)],
      });
      expect((await client.get('/permission')).body).toEqual([properties]);
      expect((await client.post(`/permission/${properties['id']}/reply`, { reply: answer })).body).toBe(true);
      const { body } = await prompt;
      const { body: messages } = await client.get(`/session/${session.id}/message`);
      const call = messages
        .flatMap(({ parts }: { parts: { type: string }[] }) => parts)
        .find(({ type }: { type: string }) => type === 'tool');
      expect(call).toMatchObject({ tool: 'bash', state: { status } });
      expect(body.info.error).toBeUndefined();
    }
    expect((await client.get('/permission')).body).toEqual([]);
  });

  it('asks before it writes where the configuration says so', async () => {
    await using careful = await TemporaryProject.create({ config: { permission: { edit: 'ask' } } });
    const there = new ProjectClient(server, careful);
    using asked = await there.openEvents();
    const session = await there.create();
    const prompt = there.prompt(session.id, 'create a.txt with A');
    const { properties } = await asked.next('permission.asked');
    expect(properties).toMatchObject({ permission: 'edit', patterns: [expect.stringMatching(/a\.txt$/)] });
    await expect(careful.read('a.txt')).rejects.toThrow('ENOENT');
    await there.post(`/permission/${properties['id']}/reply`, { reply: 'once' });
    await prompt;
    expect(await careful.read('a.txt')).toBe('A\n');
  });

  it('names the session after the first message', async () => {
    const session = await client.create();
    await client.prompt(session.id, 'list files in src');
    const { properties } = await events.next(
      ({ type, properties: { info } }) =>
        type === 'session.updated' && info.id === session.id && info.title !== session.title,
    );
    expect(properties['info'].title).toMatch(/files/i);
  });
});

describe('a model server on this machine', () => {
  it('is found, offered, preferred to the guide, and answers', async () => {
    await using ollama = await FakeOllama.start();
    await using project = await TemporaryProject.create();
    await using server = await TestServer.start({ localModels: true, variables: { OLLAMA_HOST: ollama.address } });
    const client = new ProjectClient(server, project);
    const { body } = await client.get('/config/providers');
    expect(body.providers.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(['ollama', 'offline']));
    const found = body.providers.find(({ id }: { id: string }) => id === 'ollama');
    // models that only embed are no use here
    expect(Object.keys(found.models)).toEqual(['tiny:latest']);
    expect((await client.get('/provider')).body.connected).toEqual(expect.arrayContaining(['ollama']));

    using events = await client.openEvents();
    const session = await client.create({ title: 'local' });
    const answer = await client.prompt(session.id, 'Hello?');
    expect(answer.body.info).toMatchObject({ providerID: 'ollama', modelID: 'tiny:latest', finish: 'stop' });
    expect(textOf(answer.body.parts)).toBe('I am tiny.');
    await events.until('session.idle');
    expect(events.all('message.part.delta').map(({ properties }) => properties['delta'])).toEqual(['I am ', 'tiny.']);
    expect(ollama.chats[0]).toMatchObject({ model: 'tiny:latest', stream: true });
  });

  it('that is not there does no harm', async () => {
    const gone = await FakeOllama.start();
    await gone[Symbol.asyncDispose]();
    await using server = await TestServer.start({ localModels: true, variables: { OLLAMA_HOST: gone.address } });
    const { body } = await server.request('/config/providers');
    expect(body.providers.map(({ id }: { id: string }) => id)).toContain('offline');
    expect(body.providers.map(({ id }: { id: string }) => id)).not.toContain('ollama');
  });
});

function textOf(parts: readonly { type: string; text?: string }[]): string {
  return parts.map(({ type, text: said = '' }) => (type === 'text' ? said : '')).join('');
}

/** A server that speaks as Ollama does: its own list of models, and chat completions. */
class FakeOllama implements AsyncDisposable {
  readonly chats: { model: string; stream: boolean }[] = [];

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start(): Promise<FakeOllama> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fake = new FakeOllama(server, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      if (request.url === '/api/tags') {
        const models = ['tiny:latest', 'nomic-embed-text:latest'].map((name) => ({ name, model: name }));
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ models }));
      } else if (request.url === '/v1/chat/completions') {
        void text(request).then((body) => {
          fake.chats.push(JSON.parse(body));
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          for (const content of ['I am ', 'tiny.']) response.write(chunk({ content }));
          response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
        });
      } else response.writeHead(404).end();
    });
    return fake;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

function chunk(delta: object, finish: string | null = null): string {
  const body = {
    id: 'c',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'tiny:latest',
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
  return `data: ${JSON.stringify(body)}\n\n`;
}
