import { plain, reply, scriptedProvider } from '../../../src/testing.js';
import { STEP, withoutRepeats } from '../../helpers/event-story.js';
import { RunWorld, type Place } from '../../helpers/run-world.js';

const REJECTED = 'Error: The user rejected permission to use this specific tool call.';
const ASK_BASH = { config: { permission: { bash: 'ask' } } };
const echo = (word: string) => ({ command: `echo ${word}`, description: `Say ${word}` });

describe('permissions', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const asking = async (config: Record<string, unknown> = {}) => {
    const options = { config: { ...ASK_BASH.config, ...config } };
    return world.place(options);
  };
  const tools = async (place: Place, session: string) =>
    (await place.history(session)).flatMap(({ parts }) => parts.filter(({ type }) => type === 'tool'));

  it('a command that is forbidden stays so in other spellings; what is asked is the text as it is', async () => {
    const config = { permission: { bash: { '*': 'ask', 'touch *': 'deny' } } };
    const place = await world.place({ config: { ...scriptedProvider(world.model), ...config } });
    const touch = (command: string) => ({ command, description: 'Touch' });
    const spelt = ['\\touch x', '/usr/bin/touch x', 'env touch x', 'sh -c "touch x"'];
    for (const command of spelt) world.model.push(reply().tool('bash', touch(command)));
    world.model.push(reply().tool('bash', touch("'echo' hi")), reply().text('Done.'));
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    const request = await place.asked();
    expect(request['patterns']).toEqual(["'echo' hi"]);
    expect(request).not.toHaveProperty('spellings');
    await place.allow(request['id']);
    await answer;
    const states = (await tools(place, session)).map(({ state }) => state.error ?? state.output);
    expect(states).toEqual([...spelt.map(() => expect.stringContaining('rule which prevents')), 'hi\n']);
  });

  it('once: the call waits, visible and running, and proceeds', async () => {
    const place = await asking();
    world.model.push(reply().tool('bash', echo('hi'), 'call_hi'), reply().text('Done.'));
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    const request = await place.asked();
    expect(request).toEqual({
      id: expect.stringMatching(/^per_/),
      sessionID: session,
      permission: 'bash',
      patterns: ['echo hi'],
      always: ['echo *'],
      metadata: {},
      tool: { messageID: expect.any(String), callID: 'call_hi' },
    });
    expect(await place.permissions()).toEqual([request]);
    const asking_ = await place.get(`/session/${session}/message/${request['tool'].messageID}`);
    expect(asking_.body.parts[1].state).toMatchObject({ status: 'running', input: echo('hi') });

    const { status, body } = await place.allow(request['id']);
    expect([status, body]).toEqual([200, true]);
    await answer;
    expect(await place.permissions()).toEqual([]);
    expect(withoutRepeats(place.tale(session))).toEqual([
      ...STEP.prompt('Go'),
      ...STEP.open,
      'part bash pending',
      'part bash running',
      'permission.asked bash echo hi',
      'permission.replied once',
      'part bash running+',
      'part bash completed',
      ...STEP.close('tool-calls'),
      ...STEP.open,
      ...STEP.text('Done.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    expect(place.events.all('permission.replied')[0]!.properties).toEqual({
      sessionID: session,
      requestID: request['id'],
      reply: 'once',
    });
  });

  it('always: what is alike goes through, in all sessions of the project and in no other', async () => {
    const [place, other] = [await asking(), await asking()];
    world.model.push(
      reply().tool('bash', echo('one')),
      reply().tool('bash', echo('two')),
      reply().text('Done.'),
      reply().tool('bash', echo('three')),
      reply().text('Done.'),
    );
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    await place.allow((await place.asked())['id'], 'always');
    await answer;
    const second = await place.session();
    await place.prompt(second, 'Again');
    expect(place.events.all('permission.asked')).toHaveLength(1);

    // it goes before what a session forbids
    world.model.push(reply().tool('bash', echo('denied')), reply().text('Done.'));
    const strict = await place.session({ permission: [{ permission: 'bash', pattern: '*', action: 'deny' }] });
    await place.prompt(strict, 'Go');
    expect((await tools(place, strict)).map(({ state }) => state.status)).toEqual(['completed']);

    world.model.push(reply().tool('bash', echo('four')), reply().text('Done.'));
    const foreign = await other.session();
    const waiting = other.prompt(foreign, 'Go');
    const request = await other.asked();
    expect([await place.permissions(), await other.permissions()]).toEqual([[], [request]]);
    await other.allow(request['id']);
    await waiting;
  });

  it('always: lets go what waits in the same session', async () => {
    const place = await asking();
    world.model.push(
      reply().tools(
        { name: 'bash', arguments: echo('one') },
        { name: 'bash', arguments: echo('two') },
        { name: 'bash', arguments: { command: 'date', description: 'Date' } },
      ),
      reply().text('Done.'),
    );
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    const requests = [await place.asked(), await place.asked(), await place.asked()];
    const of = (pattern: string) => requests.find(({ patterns }) => patterns[0] === pattern)!['id'];
    await place.allow(of('echo one'), 'always');
    expect((await place.permissions()).map(({ patterns }) => patterns)).toEqual([['date']]);
    await place.allow(of('date'));
    await answer;
    expect(
      place.events.all('permission.replied').map(({ properties }) => [properties['requestID'], properties['reply']]),
    ).toEqual([
      [of('echo one'), 'always'],
      [of('echo two'), 'always'],
      [of('date'), 'once'],
    ]);
  });

  it('reject: the step ends, and with it the turn', async () => {
    const place = await asking();
    world.model.push(reply().tool('bash', echo('hi')));
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    await place.allow((await place.asked())['id'], 'reject');
    const { body } = await answer;
    expect(place.tale(session)).toEqual([
      ...STEP.prompt('Go'),
      ...STEP.open,
      'part bash pending',
      'part bash running',
      'permission.asked bash echo hi',
      'permission.replied reject',
      'part bash error',
      ...STEP.close('tool-calls'),
      'idle',
      'session.idle',
    ]);
    expect(body.info).toMatchObject({ finish: 'tool-calls' });
    expect(body.info).not.toHaveProperty('error');
    expect(body.parts[1].state).toMatchObject({ status: 'error', error: REJECTED, input: echo('hi') });
  });

  it('reject: everything that waits in the session is rejected, in others nothing', async () => {
    const place = await asking();
    world.model.push(reply().tool('bash', echo('other')));
    const other = await place.session();
    const otherAnswer = place.prompt(other, 'Go');
    const otherRequest = await place.asked();
    world.model.push(reply().tools({ name: 'bash', arguments: echo('one') }, { name: 'bash', arguments: echo('two') }));
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    const [first] = [await place.asked(), await place.asked()];
    await place.allow(first['id'], 'reject');
    const { body } = await answer;
    expect(body.parts.filter(({ type }: { type: string }) => type === 'tool')).toMatchObject([
      { state: { status: 'error', error: REJECTED } },
      { state: { status: 'error', error: REJECTED } },
    ]);
    expect(place.story(session).filter((line) => line.startsWith('permission.replied'))).toEqual([
      'permission.replied reject',
      'permission.replied reject',
    ]);
    expect(await place.permissions()).toEqual([otherRequest]);
    world.model.push(reply().text('Done.'));
    await place.allow(otherRequest['id']);
    expect((await otherAnswer).body.info.finish).toBe('stop');
  });

  it('reject with a message: the model reads it and goes on', async () => {
    const place = await asking();
    world.model.push(reply().tool('bash', echo('hi')), reply().text('As you wish.'));
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    await place.allow((await place.asked())['id'], 'reject', 'use printf');
    expect((await answer).body.info.finish).toBe('stop');
    const last = world.model.requests[1]!.body.messages.at(-1)!;
    expect(plain(last.content)).toBe(
      'Error: The user rejected permission to use this specific tool call with the following feedback: use printf',
    );
  });

  it('reject: the turn goes on where the configuration says so', async () => {
    const place = await asking({ experimental: { continue_loop_on_deny: true } });
    world.model.push(reply().tool('bash', echo('hi')), reply().text('Well.'));
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    await place.allow((await place.asked())['id'], 'reject');
    expect((await answer).body.info.finish).toBe('stop');
  });

  it('deny: the tool is withheld, or its call refused by the rule, without a question', async () => {
    const place = await world.place({
      config: { permission: { write: 'allow', edit: 'deny', bash: { '*': 'allow', 'rm *': 'deny' } } },
    });
    world.model.push(
      reply().tools(
        { name: 'bash', arguments: { command: 'rm -rf x', description: 'Remove' } },
        { name: 'bash', arguments: echo('fine') },
      ),
      reply().text('Done.'),
    );
    const session = await place.session();
    expect((await place.prompt(session, 'Go')).body.info.finish).toBe('stop');
    expect(world.model.requests[0]!.tools).toEqual(expect.arrayContaining(['bash', 'read']));
    expect(world.model.requests[0]!.tools).not.toContain('edit');
    expect(world.model.requests[0]!.tools).not.toContain('write');
    const [refused, fine] = await tools(place, session);
    expect(refused.state).toMatchObject({
      status: 'error',
      error: expect.stringMatching(/^Error: The user has specified a rule which prevents you .*"pattern":"rm \*"/),
    });
    expect(fine.state.status).toBe('completed');
    expect(place.events.types('permission.')).toEqual([]);
  });

  it('session rules: ask and deny for this session only', async () => {
    const place = await world.place();
    const session = await place.session({
      permission: [
        { permission: 'bash', pattern: '*', action: 'ask' },
        { permission: 'read', pattern: '*', action: 'deny' },
      ],
    });
    const free = await place.session();
    world.model.push(
      reply().tools(
        { name: 'bash', arguments: echo('hi') },
        { name: 'read', arguments: { filePath: place.project.path('opencode.json') } },
      ),
      reply().text('Done.'),
    );
    const answer = place.prompt(session, 'Go');
    await place.allow((await place.asked())['id']);
    await answer;
    expect((await tools(place, session)).map(({ state }) => state.status)).toEqual(['completed', 'error']);
    // denied for the session is refused when it is called; only the agent's rules withhold a tool
    expect(world.model.requests[0]!.tools).toContain('read');

    world.model.push(reply().tool('bash', echo('free')), reply().text('Done.'));
    await place.prompt(free, 'Go');
    expect(place.log(free).filter(({ type }) => type.startsWith('permission'))).toEqual([]);
  });

  it('`tools` of a prompt act for this prompt only', async () => {
    const place = await world.place();
    const session = await place.session();
    const before = (await place.get(`/session/${session}`)).body;
    world.model.push(reply().tool('bash', echo('hi')), reply().text('No bash.'), reply().text('Bash is back.'));
    await place.prompt(session, { parts: [{ type: 'text', text: 'Go' }], tools: { bash: false } });
    expect(world.model.requests[0]!.tools).not.toContain('bash');
    const [call] = await tools(place, session);
    expect(call).toMatchObject({ tool: 'invalid', state: { status: 'completed' } });
    const after = (await place.get(`/session/${session}`)).body;
    expect(after.permission).toEqual(before.permission);
    expect((await place.history(session))[0]!.info.tools).toEqual({ bash: false });
    await place.prompt(session, 'Again');
    expect(world.model.requests.at(-1)!.tools).toContain('bash');
  });

  it('the legacy route answers too', async () => {
    const place = await asking();
    const session = await place.session();
    for (const response of ['once', 'reject']) {
      world.model.push(reply().tool('bash', echo('hi')), ...(response === 'once' ? [reply().text('Done.')] : []));
      const answer = place.prompt(session, 'Go');
      const { id } = await place.asked();
      const { status, body } = await place.post(`/session/${session}/permissions/${id}`, { response });
      expect([status, body]).toEqual([200, true]);
      await answer;
    }
    expect(place.story(session).filter((line) => line.startsWith('permission.replied'))).toEqual([
      'permission.replied once',
      'permission.replied reject',
    ]);
  });

  it('edits are asked for with their diff; paths outside come first', async () => {
    const place = await world.place({ config: { permission: { edit: 'ask' } }, git: true });
    const session = await place.session();
    const outside = `${world.server.home}/outside.txt`;
    world.model.push(
      reply().tool('write', { filePath: place.project.path('sub/a.txt'), content: 'alpha\n' }),
      reply().tool('write', { filePath: outside, content: 'x' }),
    );
    const answer = place.prompt(session, 'Go');
    const inside = await place.asked();
    expect(inside).toMatchObject({
      permission: 'edit',
      patterns: ['sub/a.txt'],
      always: ['*'],
      metadata: { filepath: place.project.path('sub/a.txt'), diff: expect.stringContaining('+alpha') },
    });
    await place.allow(inside['id']);
    const external = await place.asked();
    expect(external).toMatchObject({
      permission: 'external_directory',
      patterns: [`${world.server.home}/*`],
      metadata: { filepath: outside, parentDir: world.server.home },
    });
    await place.allow(external['id'], 'reject');
    await answer;
    expect(await place.project.read('sub/a.txt')).toBe('alpha\n');
  });

  it('answers to nothing are refused', async () => {
    const place = await world.place();
    const unknown = await place.allow('per_unknown');
    expect([unknown.status, unknown.body.name]).toEqual([404, 'NotFoundError']);
    expect((await place.post('/permission/nonsense/reply', { reply: 'once' })).status).toBe(400);
    expect((await place.post('/permission/per_x/reply', { reply: 'perhaps' })).status).toBe(400);
    expect((await place.post('/session/ses_x/permissions/per_x', { response: 'once' })).status).toBe(404);
  });
});
