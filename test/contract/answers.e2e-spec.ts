import {
  type EventReader,
  reply,
  type ScriptedModel,
  type TemporaryProject,
  type TestServer,
} from '../../src/testing.js';
import { faulty } from '../helpers/mcp-servers.js';
import { OAuthMcpServer } from '../helpers/oauth-mcp-server.js';
import { ContractWorld } from './contract-world.js';
import { OPERATIONS } from './operations.js';
import { tourOfFiles, tourOfProjects } from './project-tour.js';
import { problems, type ServedContract } from './served-contract.js';
import { tourOfTerminalClients, tourOfTerminals } from './terminal-tour.js';

describe('what the server says', () => {
  let world: ContractWorld;
  let model: ScriptedModel;
  let project: TemporaryProject;
  let server: TestServer;
  let contract: ServedContract;
  let events: EventReader;
  let all: EventReader;
  let ask: ContractWorld['ask'];
  beforeAll(async () => {
    world = await ContractWorld.start();
    ({ model, project, server, contract, events, all, ask } = world);
  });
  afterAll(() => world.close());

  it('about itself and the project is as documented', async () => {
    for (const path of [
      '/global/health',
      '/path',
      '/vcs',
      '/project',
      '/project/current',
      '/config',
      '/config/providers',
      '/provider',
      '/provider/auth',
      '/agent',
      '/global/config',
      '/config/schema',
      '/command',
      '/skill',
      '/experimental/tool/ids',
      '/session',
      '/session/status',
      '/permission',
      '/question',
      ...['/lsp', '/formatter', '/find/symbol?query=x'],
    ])
      await ask('GET', path, 200);
    await ask('GET', '/experimental/tool?provider=scripted&model=test', 200);
    await ask('GET', '/experimental/tool', 400);
    await ask('PATCH', '/config', 200, { username: 'tester', permission: { edit: 'allow' } });
    await ask('PATCH', '/config', 400, { nonsense: 1 });
    await ask('PATCH', '/global/config', 200, { theme: 'x', agent: { build: { color: 'primary' } } });
    await ask('PATCH', '/global/config', 400, { nonsense: 1 });
    await all.next('global.disposed');
    events = await server.events({ directory: project.directory });
    await ask('PUT', '/auth/acme', 200, { type: 'api', key: 'k' });
    await ask('PUT', '/auth/acme', 400, { type: 'api' });
    await ask('DELETE', '/auth/acme', 200);
    await ask('POST', '/provider/acme/oauth/authorize', 400, {});
    await ask('POST', '/provider/acme/oauth/authorize', 400, { method: 9 });
    await ask('POST', '/provider/acme/oauth/callback', 400, {});
    await ask('POST', '/provider/acme/oauth/callback', 409, { method: 0 });
    await ask('POST', '/provider/acme/oauth/authorize', 200, { method: 0 });
    await ask('POST', '/provider/acme/oauth/callback', 200, { method: 0, code: 'right' });
    await ask('POST', '/log', 200, { service: 'test', level: 'info', message: 'hello', extra: { a: 1 } });
    await ask('POST', '/log', 400, { service: 'test' });
  });

  it('about files and projects is as documented', async () => {
    await tourOfFiles(ask, project);
    await tourOfProjects(ask, all);
  });

  it('about sessions and messages is as documented', async () => {
    const session = await ask('POST', '/session', 200, {
      title: 'tour',
      permission: [{ permission: 'edit', pattern: '*', action: 'allow' }],
    });
    await ask('POST', '/session', 400, { title: 5 });
    for (const kind of ['permission', 'question']) await ask('GET', `/session/${session.id}/${kind}`, 200);
    const child = await ask('POST', '/session', 200, { parentID: session.id });
    const at = `/session/${session.id}`;
    await ask('GET', at, 200);
    await ask('PATCH', at, 200, { title: 'renamed', time: { archived: 1 } });
    await ask('GET', `${at}/children`, 200);

    // reasoning, text, tools that work, fail, do not exist and are called wrongly; a file; all kinds of tool results
    const [file, image] = [project.path('a.txt'), 'data:image/png;base64,iVBORw0KGgo='];
    model.push(
      reply()
        .reasoning('Hm.')
        .text('I look.')
        .tools(
          { name: 'read', arguments: { filePath: file } },
          { name: 'glob', arguments: { pattern: '*' } },
          { name: 'grep', arguments: { pattern: 'hello' } },
          { name: 'read', arguments: { filePath: project.path('missing') } },
          { name: 'nonsense', arguments: {} },
          { name: 'read', arguments: ['{"file'] },
          { name: 'read', arguments: {} },
        ),
      reply().tools(
        { name: 'edit', arguments: { filePath: file, oldString: 'hello', newString: 'hullo' } },
        { name: 'write', arguments: { filePath: project.path('new.txt'), content: 'new\n' } },
        { name: 'bash', arguments: { command: 'echo out; echo err >&2', description: 'echoes' } },
        { name: 'todowrite', arguments: { todos: [{ content: 'a', status: 'pending', priority: 'low' }] } },
      ),
      reply()
        .text('Done.')
        .usage({
          prompt_tokens: 9,
          completion_tokens: 5,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 2 },
        }),
    );
    const answer = await ask('POST', `${at}/message`, 200, {
      system: 'Be brief.',
      tools: { bash: true },
      variant: 'none',
      parts: [
        { type: 'text', text: 'Look around' },
        { type: 'file', mime: 'text/plain', url: `file://${file}`, filename: 'a.txt' },
        { type: 'file', mime: 'image/png', url: image, filename: 'a.png' },
      ],
    });
    expect(answer.info.finish).toBe('stop');
    expect(model.pending).toBe(0);
    const messages = await ask('GET', `${at}/message`, 200);
    const states = messages.flatMap(({ parts }: { parts: { tool?: string; state?: { status: string } }[] }) =>
      parts.flatMap(({ tool, state }) => (state ? [`${tool} ${state.status}`] : [])),
    );
    expect(new Set(states)).toEqual(
      new Set([
        'read completed',
        'glob completed',
        'grep completed',
        'read error',
        'invalid completed',
        'edit completed',
        'write completed',
        'bash completed',
        'todowrite completed',
      ]),
    );
    await ask('GET', `${at}/message?limit=1`, 200);
    await ask('GET', `${at}/message/${answer.info.id}`, 200);
    await ask('GET', `${at}/todo`, 200);
    await ask('GET', `${at}/message/msg_missing`, 404);
    await ask('GET', `${at}/message?limit=x`, 400);
    await ask('POST', `${at}/message`, 400, {});
    await ask('POST', `${at}/message`, 409, { messageID: answer.info.id, parts: [] });
    await ask('POST', `${at}/prompt_async`, 400, {});
    const own = (await ask('GET', `${at}/message/${answer.info.id}`, 200)).parts.at(-2);
    const part = `${at}/message/${answer.info.id}/part/${own.id}`;
    await ask('PATCH', part, 200, own);
    await ask('PATCH', part, 400, { ...own, type: 'nonsense' });
    await ask('PATCH', part, 400, { ...own, id: 'prt_other' });
    await ask('DELETE', part, 200);
    await ask('DELETE', part, 404);
    const nowhere = { ...own, sessionID: 'ses_missing', messageID: 'msg_missing', id: 'prt_missing' };
    await ask('PATCH', '/session/ses_missing/message/msg_missing/part/prt_missing', 404, nowhere);
    expect(await ask('GET', `${at}/diff`, 200)).toHaveLength(2);
    await ask('POST', `${at}/fork`, 200, { messageID: answer.info.id });
    await ask('POST', `${at}/revert`, 200, { messageID: answer.info.parentID });
    await ask('GET', at, 200);
    await ask('POST', `${at}/unrevert`, 200);
    await ask('POST', `${at}/revert`, 400, {});
    await ask('POST', `/session/ses_missing/revert`, 404, { messageID: 'msg_missing' });
    await ask('POST', `${at}/share`, 200);
    await ask('DELETE', `${at}/share`, 200);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/unrevert'],
      ['POST', '/share'],
      ['DELETE', '/share'],
      ['PATCH', ''],
      ['DELETE', ''],
      ['GET', '/children'],
      ['GET', '/message'],
      ['POST', '/message'],
      ['POST', '/prompt_async'],
      ['POST', '/abort'],
      ['GET', '/todo'],
      ['GET', '/diff'],
      ['POST', '/fork'],
      ['GET', '/permission'],
      ['GET', '/question'],
    ] as const)
      await ask(
        method,
        `/session/ses_missing${path}`,
        404,
        /message|prompt/.test(path) && method === 'POST' ? { parts: [] } : undefined,
      );
    for (const path of ['', '/children', '/message']) await ask('GET', `/session/malformed${path}`, 400);
    await ask('DELETE', `/session/${child.id}`, 200);
  });

  it('about commands is as documented', async () => {
    const session = await ask('POST', '/session', 200, { title: 'commands' });
    const at = `/session/${session.id}`;
    const ids = { providerID: 'scripted', modelID: 'test', messageID: 'msg_fffffffffffe' };
    const review = { command: 'review', arguments: '' };
    const shell = { agent: 'build', command: 'echo out' };
    model.push(reply().text('Reviewed.'), reply().text('Fine.'), reply().text('Written.'));
    expect((await ask('POST', `${at}/command`, 200, review)).parts).toHaveLength(3);
    // the document of the reference names the message alone; what is sent has its parts too
    const { body } = await server.request(`${at}/shell`, { directory: project.directory, json: shell });
    expect(problems(contract.answer('POST', `${at}/shell`, 200)!, body.info)).toEqual([]);
    expect(body.parts[0].state.output).toBe('out\n');
    await ask('POST', `${at}/init`, 200, ids);
    expect(model.pending).toBe(0);
    await ask('GET', `${at}/message`, 200);
    await ask('GET', `${at}/children`, 200);
    await ask('GET', '/project/current', 200);
    for (const [path, body] of [
      ['command', review],
      ['shell', shell],
      ['init', ids],
    ] as const) {
      await ask('POST', `/session/ses_missing/${path}`, 404, body);
      await ask('POST', `${at}/${path}`, 400, {});
    }
  });

  it('about permissions, failures and aborts is as documented', async () => {
    const session = await ask('POST', '/session', 200);
    const at = `/session/${session.id}`;
    const say = { parts: [{ type: 'text', text: 'Go' }] };
    for (const answer of ['once', 'reject'] as const) {
      model.push(
        reply().tool('bash', { command: 'rm -f nothing', description: 'removes' }),
        ...(answer === 'once' ? [reply().text('Gone.')] : []),
      );
      const prompt = ask('POST', `${at}/message`, 200, say);
      const { properties } = await events.next('permission.asked');
      await ask('GET', '/permission', 200);
      await ask('GET', '/session/status', 200);
      if (answer === 'once') await ask('POST', `/permission/${properties['id']}/reply`, 200, { reply: 'once' });
      else await ask('POST', `${at}/permissions/${properties['id']}`, 200, { response: 'reject' });
      await prompt;
    }
    await ask('POST', '/permission/per_missing/reply', 404, { reply: 'once' });
    await ask('POST', '/permission/per_missing/reply', 400, { reply: 'maybe' });
    await ask('POST', `${at}/permissions/per_missing`, 404, { response: 'once' });
    await ask('POST', `${at}/permissions/per_missing`, 400, {});

    const options = [
      { label: 'A', description: 'first' },
      { label: 'B', description: 'second' },
    ];
    const questions = [{ question: 'Which one?', header: 'Choice', options, multiple: true }];
    for (const answer of ['reply', 'reject'] as const) {
      model.push(reply().tool('question', { questions }), ...(answer === 'reply' ? [reply().text('B then.')] : []));
      const prompt = ask('POST', `${at}/message`, 200, say);
      const { properties } = await events.next('question.asked');
      expect(await ask('GET', '/question', 200)).toEqual([properties]);
      await ask(
        'POST',
        `/question/${properties['id']}/${answer}`,
        200,
        answer === 'reply' ? { answers: [['B']] } : undefined,
      );
      await prompt;
    }
    for (const answer of ['reply', 'reject'])
      await ask('POST', `/question/que_missing/${answer}`, 404, answer === 'reply' ? { answers: [] } : undefined);
    await ask('POST', '/question/que_missing/reply', 400, { answers: 'B' });

    model.push(reply().text('So far the user asked for a tour.'));
    await ask('POST', `${at}/summarize`, 200, { providerID: 'scripted', modelID: 'test' });
    await ask('POST', `${at}/summarize`, 400, { providerID: 'scripted' });
    await ask('POST', '/session/ses_missing/summarize', 404, { providerID: 'scripted', modelID: 'test' });

    model.push(reply().fail(401, 'bad key'));
    expect((await ask('POST', `${at}/message`, 200, say)).info.error.name).toBe('APIError');
    model.push(reply().fail(400, 'maximum context length is 5 tokens'));
    await ask('POST', `${at}/message`, 200, say);
    model.push(reply().fail(429, 'slow down', { 'retry-after-ms': '1' }), reply().text('Now.').finishReason('length'));
    await ask('POST', `${at}/message`, 200, say);
    expect(events.all(({ properties }) => properties['status']?.type === 'retry')).not.toEqual([]);

    model.push(reply().reasoning('Hm').text('Wai').hang());
    await ask('POST', `${at}/prompt_async`, 204, say);
    await events.next(({ properties }) => properties['delta'] === 'Wai');
    await ask('POST', `${at}/abort`, 200);
    await ask('GET', `${at}/message`, 200);
    await ask('DELETE', at, 200);
    await ask('POST', '/instance/dispose', 200);
    await ask('POST', '/global/dispose', 200);
    await all.next('global.disposed');
  });

  it('about terminals is as documented', () => tourOfTerminals(world));
  it('about terminal clients is as documented', () => tourOfTerminalClients(world));

  it('about MCP servers is as documented', async () => {
    await using remote = await OAuthMcpServer.start();
    await ask('GET', '/mcp', 200);
    await ask('POST', '/mcp', 200, { name: 'one', config: { type: 'local', command: faulty() } });
    await ask('POST', '/mcp', 200, { name: 'none', config: { type: 'local', command: ['/no/such/program'] } });
    await ask('POST', '/mcp', 200, { name: 'two', config: { type: 'remote', url: remote.url } });
    await ask('POST', '/mcp', 400, { name: 'three', config: { type: 'other' } });
    await ask('POST', '/mcp/one/disconnect', 200);
    await ask('POST', '/mcp/one/connect', 200);
    expect(await ask('GET', '/mcp', 200)).toMatchObject({
      one: { status: 'connected' },
      none: { status: 'failed' },
      two: { status: 'needs_auth' },
    });
    expect(Object.keys(await ask('GET', '/experimental/resource', 200))).toContain('one:read_me');

    await ask('POST', '/mcp/one/auth', 400);
    await ask('POST', '/mcp/nobody/auth', 404);
    await ask('POST', '/mcp/one/auth/authenticate', 400);
    await ask('POST', '/mcp/nobody/auth/authenticate', 404);
    await ask('POST', '/mcp/two/auth/callback', 400, { code: 'x' });
    await ask('POST', '/mcp/nobody/auth/callback', 404, { code: 'x' });
    const { authorizationUrl } = await ask('POST', '/mcp/two/auth', 200);
    await ask('POST', '/mcp/two/auth/callback', 200, { code: 'wrong' });
    await fetch(authorizationUrl);
    expect(await ask('POST', '/mcp/two/auth/authenticate', 200)).toEqual({ status: 'connected' });
    await ask('DELETE', '/mcp/two/auth', 200);
    await ask('DELETE', '/mcp/nobody/auth', 404);
    await ask('POST', '/mcp/two/connect', 200);
    const waiting = ask('POST', '/mcp/two/auth/authenticate', 200);
    await fetch((await all.next('mcp.browser.open.failed')).properties['url']);
    expect(await waiting).toEqual({ status: 'connected' });
    model.push(reply().tool('one_grow', {}), reply().text('Grown.'));
    const { id } = await ask('POST', '/session', 200);
    await ask('POST', `/session/${id}/message`, 200, { parts: [{ type: 'text', text: 'Grow' }] });
    await all.next('mcp.tools.changed');
    await ask('POST', '/instance/dispose', 200);
  });

  it('covers every operation of the document', () => {
    const streams = new Set(['event.subscribe', 'global.event']);
    const operations = Object.values(contract.document.paths).flatMap((path) => Object.values(path));
    const missed = operations
      .map(({ operationId }) => operationId)
      .filter((id) => !contract.seen.has(id) && !streams.has(id));
    expect(missed).toEqual([]);
    // the official client was used for all that the reference has
    expect([...world.unknownToSdk].filter((id) => Object.hasOwn(OPERATIONS, id))).toEqual([]);
    const successes = [...contract.seen].filter(([, statuses]) => ![...statuses].some((status) => status < 300));
    expect(successes).toEqual([]);
    // no documented refusal that nobody ever gets
    for (const { operationId, responses } of operations)
      for (const status of Object.keys(responses).filter((each) => each === '403' || each === '404'))
        expect([operationId, status, contract.seen.get(operationId)?.has(Number(status))]).toEqual([
          operationId,
          status,
          true,
        ]);
  });

  it('in events is as documented', async () => {
    const stream = ['get', 'responses', '200', 'content', 'text/event-stream', 'schema'];
    const event = contract.schema(['paths', '/event', ...stream]);
    const global = contract.schema(['paths', '/global/event', ...stream]);
    const frames = (reader: EventReader): unknown[] =>
      reader.raw
        .split('\n\n')
        .filter((frame) => frame !== '')
        // what keeps a stream alive is not in the published union
        .filter((frame) => !frame.includes('"server.heartbeat"'))
        .map((frame) => JSON.parse(frame.slice('data: '.length)) as unknown);
    for (const frame of frames(events)) {
      const own = contract.schema(['components', 'schemas', `Event.${(frame as { type: string }).type}`]);
      expect(problems(own, frame)).toEqual([]);
      expect(problems(event, frame)).toEqual([]);
    }
    for (const frame of frames(all)) {
      const { payload } = frame as { payload: { type: string } };
      expect(problems(contract.schema(['components', 'schemas', `Event.${payload.type}`]), payload)).toEqual([]);
      // the published schema asks for a directory, which events of the whole server do not have
      if ('directory' in (frame as object)) expect(problems(global, frame)).toEqual([]);
    }
    expect([...new Set([...events.types(), ...all.types()])].sort()).toEqual(
      expect.arrayContaining([
        'file.edited',
        'global.disposed',
        'mcp.browser.open.failed',
        'mcp.tools.changed',
        'message.part.delta',
        'message.part.updated',
        'message.updated',
        'permission.asked',
        'permission.replied',
        'project.updated',
        'pty.created',
        'pty.deleted',
        'pty.exited',
        'pty.updated',
        'question.asked',
        'question.rejected',
        'question.replied',
        'server.connected',
        'server.instance.disposed',
        'session.created',
        'session.deleted',
        'session.error',
        'session.idle',
        'session.status',
        'session.updated',
        'todo.updated',
        'tui.command.execute',
        'tui.prompt.append',
        'tui.session.select',
        'tui.toast.show',
      ]),
    );
  });
});
