import { reply, scriptedProvider } from '../../../src/testing.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

describe('batch', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const place = (permission: object = {}, experimental: object = {}) =>
    world.place({
      config: { ...scriptedProvider(world.model), experimental: { batch_tool: true, ...experimental }, permission },
      files: { 'a.txt': 'alpha\n', 'p.svg': '<svg/>' },
    });
  const bash = (command: string) => ({ tool: 'bash', parameters: { command, description: 'Run' } });
  const parts = async (from: Place, session: string) =>
    (await from.history(session))[1]!.parts.filter(({ type }) => type === 'tool');
  const results = (index: number) =>
    world.model.requests[index]!.body.messages.flatMap(({ role, content }) => (role === 'tool' ? [content] : []));

  it('is there when the configuration says so', async () => {
    const at = await place();
    expect((await at.get('/experimental/tool/ids')).body.at(-1)).toBe('batch');
    const without = await world.place();
    expect((await without.get('/experimental/tool/ids')).body).not.toContain('batch');
  });

  it('makes each call a part of the message, and tells how they went', async () => {
    const at = await place();
    const calls = [
      { tool: 'read', parameters: { filePath: at.project.path('a.txt'), limit: '1' } },
      bash('echo hi'),
      { tool: 'nope', parameters: {} },
      { tool: 'batch', parameters: { tool_calls: [] } },
      { tool: 'read', parameters: { filePath: 1 } },
    ];
    world.model.push(reply().tool('batch', { tool_calls: calls }, 'call_batch'), reply().text('Done.'));
    const session = await at.session();
    await at.prompt(session, 'Go');
    const [batch, ...inner] = await parts(at, session);
    expect(batch).toMatchObject({
      callID: 'call_batch',
      state: {
        status: 'completed',
        title: 'Batch execution (2/5 successful)',
        output: 'Executed 2/5 tools successfully. 3 failed.',
        metadata: {
          ...{ totalCalls: 5, successful: 2, failed: 3, truncated: false },
          tools: ['read', 'bash', 'nope', 'batch', 'read'],
          details: [true, true, false, false, false].map((success, index) => ({ tool: calls[index]!.tool, success })),
        },
      },
    });
    expect(inner.every(({ id, callID }) => id === callID && id.startsWith('prt_'))).toBe(true);
    expect(inner.map(({ tool, state }) => [tool, state.status, state.error ?? state.output])).toEqual([
      ['read', 'completed', expect.stringContaining('1: alpha')],
      ['bash', 'completed', 'hi\n'],
      [
        'nope',
        'error',
        expect.stringMatching(/^Tool 'nope' not in registry\. Available tools: question, bash, read, /),
      ],
      ['batch', 'error', "Tool 'batch' is not allowed in batch. Disallowed tools: batch"],
      ['read', 'error', expect.stringMatching(/^\[\n {2}\{\n/)],
    ]);
    // the model reads the results of all calls
    expect(results(1)).toEqual(expect.arrayContaining(['hi\n', expect.stringContaining('1: alpha')]));
    expect(at.story(session).filter((line) => line.startsWith('part bash'))).toEqual(
      expect.arrayContaining(['part bash running', 'part bash completed']),
    );
  });

  it('makes 25 calls at most, and praises when all went well', async () => {
    const at = await place();
    const many = (count: number) => ({
      tool_calls: Array.from({ length: count }, () => ({ tool: 'glob', parameters: { pattern: 'x' } })),
    });
    world.model.push(reply().tool('batch', many(27)), reply().text('Done.'));
    const session = await at.session();
    await at.prompt(session, 'Go');
    const [batch, ...inner] = await parts(at, session);
    expect(batch.state.title).toBe('Batch execution (25/27 successful)');
    expect(inner.filter(({ state }) => state.status === 'completed')).toHaveLength(25);
    expect(inner.at(-1).state.error).toBe('Maximum of 25 tools allowed in batch');

    world.model.push(reply().tool('batch', many(2)), reply().tool('batch', many(0)), reply().text('Done.'));
    const other = await at.session();
    await at.prompt(other, 'Go');
    expect((await parts(at, other))[0].state.output).toMatch(/^All 2 tools executed successfully\.\n\n/);
    const failed = (await at.history(other))[2]!.parts.find(({ type }) => type === 'tool');
    expect(failed.state.error).toBe(
      "Error: Invalid parameters for tool 'batch':\n  - tool_calls: Provide at least one tool call\n\n" +
        'Expected payload format:\n  [{"tool": "tool_name", "parameters": {...}}, {...}]',
    );
  });

  it('explains arguments of another form', async () => {
    const at = await place();
    world.model.push(reply().tool('batch', { tool_calls: [{ tool: 'read' }] }), reply().text('Done.'));
    const session = await at.session();
    await at.prompt(session, 'Go');
    expect((await parts(at, session))[0].state.error).toMatch(
      /^Error: Invalid parameters for tool 'batch':\n {2}- tool_calls\.0\.parameters: .+\n\nExpected payload format/,
    );
  });

  it('asks for each call under the rules, and names the call of the model', async () => {
    const at = await place({ bash: { '*': 'ask', 'rm *': 'deny' }, webfetch: 'deny' });
    const fetch = { tool: 'webfetch', parameters: { url: 'http://127.0.0.1:1/' } };
    world.model.push(
      reply().tool('batch', { tool_calls: [bash('echo hi'), bash('rm x'), fetch] }, 'call_batch'),
      reply().text('Done.'),
    );
    const session = await at.session();
    const answer = at.prompt(session, 'Go');
    const request = await at.asked();
    expect(request).toMatchObject({ patterns: ['echo hi'], tool: { callID: 'call_batch' } });
    await at.allow(request['id']);
    await answer;
    const [, hi, rm, page] = await parts(at, session);
    expect(hi.state.output).toBe('hi\n');
    expect(rm.state.error).toMatch(/^The user has specified a rule/);
    // what the model is not told of cannot be called this way either
    expect(page.state.error).toMatch(/^Tool 'webfetch' not in registry/);
  });

  it.each([
    ['ends the turn', {}, 1],
    ['lets it go on where the configuration says so', { continue_loop_on_deny: true }, 2],
  ])('a rejected call %s', async (_, experimental, requests) => {
    const at = await place({ bash: 'ask' }, experimental);
    const before = world.model.requests.length;
    world.model.push(
      reply().tool('batch', { tool_calls: [bash('echo hi'), { tool: 'read', parameters: { filePath: 'a.txt' } }] }),
    );
    if (requests > 1) world.model.push(reply().text('Done.'));
    const session = await at.session();
    const answer = at.prompt(session, 'Go');
    await at.allow((await at.asked())['id'], 'reject');
    await answer;
    expect(world.model.requests.length - before).toBe(requests);
    const [batch, refused, read] = await parts(at, session);
    expect(batch.state.output).toBe('Executed 1/2 tools successfully. 1 failed.');
    expect(refused.state.error).toBe('The user rejected permission to use this specific tool call.');
    expect(read.state.status).toBe('completed');
    expect((await at.history(session))[1]!.info).toMatchObject({ finish: 'tool-calls' });
  });

  it('ends with its calls when the session is aborted', async () => {
    const at = await place();
    world.model.push(reply().tool('batch', { tool_calls: [bash('sleep 30'), bash('echo quick')] }));
    const session = await at.session();
    const answer = at.prompt(session, 'Go');
    await at.part(({ tool, state }) => tool === 'bash' && state.status === 'completed');
    await at.abort(session);
    await answer;
    const states = (await parts(at, session)).map(({ tool, state }) => [tool, state.error ?? state.output]);
    expect(states).toEqual([
      ['batch', 'Tool execution aborted'],
      ['bash', 'Tool execution aborted'],
      ['bash', 'quick\n'],
    ]);
  });
});
