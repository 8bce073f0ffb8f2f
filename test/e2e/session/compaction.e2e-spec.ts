import { plain, reply, type ScriptedUsage } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { RunWorld } from '../../helpers/run-world.js';

const LIMIT = 30_000 - 4_096;
const used = (total: number): ScriptedUsage => ({
  prompt_tokens: total - 5,
  completion_tokens: 5,
  total_tokens: total,
});
const OVERFLOW = {
  error: { message: 'This model: maximum context length is 30000 tokens.', type: 'invalid', code: 400 },
};
const MODEL = { providerID: 'scripted', modelID: 'test' };
const SUMMARY = ['busy', 'assistant', 'busy', 'step-start'];
const ASKED = ['user', 'compaction'];
const GO_ON = ['user', expect.stringContaining('part text "The conversation was summarised')];

describe('compaction', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  /** A place whose model has a context of 30,000 tokens and answers of 4,096. */
  const place = (config: Record<string, unknown> = {}) =>
    world.place({
      config: {
        provider: {
          scripted: {
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: world.model.baseURL, apiKey: 'k' },
            models: { test: { tool_call: true, limit: { context: 30_000, output: 4_096 } } },
          },
        },
        ...config,
      },
    });
  const sent = (index: number) =>
    world.model.requests[index]!.body.messages.filter(({ role }) => role !== 'system').map(
      ({ role, content }) => `${role}: ${plain(content)}`,
    );

  it('is made on request; from then on the model reads the summary', async () => {
    const here = await place();
    world.model.push(reply().text('One.'), reply().text('They counted.'), reply().text('Two.'));
    const session = await here.session();
    await here.prompt(session, 'Count');
    const before = here.tale(session).length;
    const { status, body } = await here.post(`/session/${session}/summarize`, MODEL);

    expect([status, body]).toEqual([200, true]);
    expect(here.tale(session).slice(before)).toEqual([
      ...ASKED,
      ...SUMMARY,
      ...STEP.text('They counted.'),
      ...STEP.close('stop'),
      'session.compacted',
      ...STEP.end,
    ]);
    const history = await here.history(session);
    expect(history[2]!.parts).toMatchObject([{ type: 'compaction', auto: false }]);
    expect(history[3]!.info).toMatchObject({
      agent: 'compaction',
      mode: 'compaction',
      summary: true,
      parentID: history[2]!.info.id,
      finish: 'stop',
    });
    const [request] = [world.model.requests[1]!];
    expect(request.tools).toEqual([]);
    expect(plain(request.body.messages[0]!.content)).toMatch(/condense/);
    expect(sent(1)).toEqual([
      'user: Count',
      'assistant: One.',
      'user: What did we do so far?',
      expect.stringMatching(/^user: Write the summary.*## Goal.*## Relevant files/s),
    ]);

    await here.prompt(session, 'Next');
    expect(sent(2)).toEqual(['user: What did we do so far?', 'assistant: They counted.', 'user: Next']);
  });

  it('of an empty session, and with an unknown model or session', async () => {
    const here = await place();
    const session = await here.session();
    const unknown = await here.post(`/session/${session}/summarize`, { providerID: 'scripted', modelID: 'none' });
    expect(unknown).toMatchObject({ status: 400, body: { name: 'ProviderModelNotFoundError' } });
    expect(await here.history(session)).toEqual([]);
    expect((await here.post('/session/ses_unknown/summarize', MODEL)).status).toBe(404);

    world.model.push(reply().text('Nothing yet.'));
    expect(await here.post(`/session/${session}/summarize`, MODEL)).toMatchObject({ status: 200, body: true });
  });

  it('comes by itself when a step leaves no room, and the work goes on', async () => {
    const here = await place();
    world.model.push(
      reply()
        .text('Almost.')
        .usage(used(LIMIT - 1)),
      reply().text('Full.').usage(used(LIMIT)),
      reply().text('A summary.').usage(used(LIMIT)),
      reply().text('Nothing left.'),
    );
    const session = await here.session();
    await here.prompt(session, 'First');
    const before = here.tale(session).length;
    const { body } = await here.prompt(session, 'Second');

    expect(here.tale(session).slice(before)).toEqual([
      ...STEP.prompt('Second'),
      ...STEP.open,
      ...STEP.text('Full.'),
      ...STEP.close('stop'),
      ...ASKED,
      ...SUMMARY,
      ...STEP.text('A summary.'),
      ...STEP.close('stop'),
      ...GO_ON,
      'session.compacted',
      ...STEP.open,
      ...STEP.text('Nothing left.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    const history = await here.history(session);
    expect(body).toEqual(history.at(-1));
    expect(history.at(-2)!.parts).toMatchObject([{ synthetic: true, time: { start: expect.any(Number) } }]);
    expect(sent(3)).toEqual([
      'user: What did we do so far?',
      'assistant: A summary.',
      expect.stringContaining('user: The conversation was summarised'),
    ]);
  });

  it('stops with a clear error when it does not help', async () => {
    const here = await place();
    world.model.push(
      reply().tool('glob', { pattern: '*.a' }).usage(used(LIMIT)),
      reply().text('A summary.'),
      reply().tool('glob', { pattern: '*.b' }).usage(used(LIMIT)),
    );
    const session = await here.session();
    const { status, body } = await here.prompt(session, 'Go');
    expect(status).toBe(200);
    expect(body.info.error).toMatchObject({
      name: 'ContextOverflowError',
      data: { message: expect.stringContaining('scripted/test') },
    });
    expect(here.story(session).slice(-8)).toEqual([
      'step-finish tool-calls',
      'assistant finish=tool-calls',
      'session.error ContextOverflowError',
      'idle',
      'session.idle',
      'assistant finish=tool-calls error=ContextOverflowError completed',
      'idle',
      'session.idle',
    ]);
  });

  it('follows an overflow of the provider once', async () => {
    const here = await place();
    world.model.push(
      reply().text('Hi.'),
      reply().fail(400, OVERFLOW),
      reply().text('A summary.'),
      reply().text('Done.'),
    );
    const session = await here.session();
    await here.prompt(session, 'Hello');
    const { body } = await here.prompt(session, 'Go');
    expect(body.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'Done.' }));
    const failed = (await here.history(session))[3];
    expect(failed!.info.error.name).toBe('ContextOverflowError');
    expect(here.story(session)).not.toContain('session.error ContextOverflowError');

    world.model.push(reply().fail(400, OVERFLOW), reply().text('Again.'), reply().fail(400, OVERFLOW));
    expect((await here.prompt(session, 'More')).body.info.error.name).toBe('ContextOverflowError');
    expect(here.story(session)).toContain('session.error ContextOverflowError');
  });

  it('that fails does not block the session', async () => {
    const here = await place();
    world.model.push(
      reply().text('Full.').usage(used(LIMIT)),
      reply().fail(400, 'no summaries today'),
      reply().text('Hello again.').usage(used(100)),
      reply().fail(401, 'no'),
      reply().text('Still here.'),
    );
    const session = await here.session();
    const failed = (await here.prompt(session, 'Fill')).body;
    expect(failed.info).toMatchObject({ summary: true, error: { name: 'APIError' } });
    const next = await here.prompt(session, 'Hello?');
    expect(next.body.parts).toContainEqual(expect.objectContaining({ text: 'Hello again.' }));
    expect(sent(2)).toEqual(['user: Fill', 'assistant: Full.', 'user: Hello?']);

    expect(await here.post(`/session/${session}/summarize`, MODEL)).toMatchObject({ status: 200, body: true });
    await here.prompt(session, 'And now?');
    expect(sent(4)).toEqual([
      'user: Fill',
      'assistant: Full.',
      'user: Hello?',
      'assistant: Hello again.',
      'user: And now?',
    ]);
  });

  it('is left to people where the configuration says so', async () => {
    const here = await place({ compaction: { auto: false } });
    world.model.push(reply().text('Full.').usage(used(LIMIT)), reply().fail(400, OVERFLOW));
    const session = await here.session();
    await here.prompt(session, 'Fill');
    const { body } = await here.prompt(session, 'More');
    expect(body.info.error.name).toBe('ContextOverflowError');
    expect(here.story(session)).not.toContain('compaction');
  });

  it('waits behind prompts, goes on with the work when asked to, and stands before those behind it', async () => {
    const here = await place();
    const gate = Promise.withResolvers<void>();
    world.model.push(
      reply().wait(gate.promise).text('One.'),
      reply().text('Two.'),
      reply().text('A summary.'),
      reply().text('Going on.'),
      reply().text('Three.'),
    );
    const session = await here.session();
    const stored = (text: string) => here.part((part) => part.text === text);
    const first = here.prompt(session, 'Count');
    await world.model.request(1);
    const second = here.prompt(session, 'And on');
    await stored('And on');
    const summary = here.post(`/session/${session}/summarize`, { ...MODEL, auto: true });
    await here.part(({ type }) => type === 'compaction');
    const third = here.prompt(session, 'Further');
    await stored('Further');
    gate.resolve();

    const texts = async (answer: typeof first) => (await answer).body.parts.map(({ text }: { text?: string }) => text);
    expect(await texts(first)).toContain('One.');
    expect(await texts(second)).toContain('Two.');
    expect((await summary).body).toBe(true);
    expect(await texts(third)).toContain('Three.');
    // the summary is one of what was asked before it
    expect(sent(2).slice(0, 5)).toEqual([
      'user: Count',
      'assistant: One.',
      'user: And on',
      'assistant: Two.',
      'user: What did we do so far?',
    ]);
    expect(sent(2).join()).not.toContain('Further');
    const condensed = [
      'user: What did we do so far?',
      'assistant: A summary.',
      expect.stringContaining('The conversation was summarised'),
    ];
    expect(sent(3)).toEqual(condensed);
    expect(sent(4)).toEqual([...condensed, 'assistant: Going on.', 'user: Further']);
    expect((await here.history(session)).map(({ info }) => (info.summary === true ? 'summary' : info.role))).toEqual([
      ...['user', 'assistant', 'user', 'assistant'],
      ...['user', 'summary', 'user', 'assistant'],
      ...['user', 'assistant'],
    ]);
    const tale = here.tale(session);
    expect(tale.filter((line) => line === 'session.compacted' || line === 'session.idle')).toEqual([
      'session.compacted',
      'session.idle',
    ]);
  });

  it('can be aborted, which leaves the conversation as it was', async () => {
    const here = await place();
    world.model.push(reply().text('One.'), reply().hang(), reply().text('Yes.'));
    const session = await here.session();
    await here.prompt(session, 'Count');
    const aborted = here.post(`/session/${session}/summarize`, MODEL);
    await world.model.request(2);
    await here.abort(session);
    expect((await aborted).body).toBe(true);
    expect((await here.history(session)).at(-1)!.info).toMatchObject({ error: { name: 'MessageAbortedError' } });
    await here.prompt(session, 'There?');
    expect(sent(2)).toEqual(['user: Count', 'assistant: One.', 'user: There?']);
  });

  it('leaves prompts that were queued meanwhile in their place', async () => {
    const here = await place();
    const gate = Promise.withResolvers<void>();
    world.model.push(
      reply().wait(gate.promise).text('Full.').usage(used(LIMIT)),
      reply().text('A summary.'),
      reply().text('Done.'),
      reply().text('The second.'),
      reply().text('The third.'),
    );
    const session = await here.session();
    const first = here.prompt(session, 'First');
    await world.model.request(1);
    const second = here.prompt(session, 'Second');
    await here.events.next(({ properties }) => properties['part']?.text === 'Second');
    gate.resolve();
    await Promise.all([first, second]);
    await here.prompt(session, 'Third');
    expect(sent(4)).toEqual([
      'user: What did we do so far?',
      'assistant: A summary.',
      expect.stringContaining('summarised'),
      'assistant: Done.',
      'user: Second',
      'assistant: The second.',
      'user: Third',
    ]);
  });

  it('does not swallow a note that came meanwhile', async () => {
    const here = await place();
    const [answering, summarising] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    world.model.push(
      reply().wait(answering.promise).text('Full.').usage(used(LIMIT)),
      reply().wait(summarising.promise).text('A summary.'),
      reply().text('Done.'),
      reply().text('Read.'),
    );
    const session = await here.session();
    const note = (text: string) => here.prompt(session, { noReply: true, parts: [{ type: 'text', text }] });
    const first = here.prompt(session, 'First');
    await world.model.request(1);
    await note('While it answers');
    answering.resolve();
    await world.model.request(2);
    await note('While it summarises');
    summarising.resolve();
    await first;
    // none of them was in the way of the work
    expect(sent(2).join()).not.toContain('While');
    await here.prompt(session, 'Second');
    expect(sent(3)).toEqual([
      'user: What did we do so far?',
      'assistant: A summary.',
      expect.stringContaining('summarised'),
      'assistant: Done.',
      'user: While it answers',
      'user: While it summarises',
      'user: Second',
    ]);
  });

  it('prunes old tool outputs when the session is idle', async () => {
    // 40,000 tokens are kept, the rest is more than 20,000
    const content = `${'x'.repeat(1_500)}\n`.repeat(30);
    const here = await world.place({ files: { 'big.txt': content } });
    const filePath = here.project.path('big.txt');
    const session = await here.session();
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      world.model.push(reply().tool('read', { filePath, limit: 30 + text.charCodeAt(0) }), reply().text(text));
      await here.prompt(session, text);
    }
    await here.part(({ state }) => state?.time?.compacted > 0);
    const pruned = () =>
      here.events.all(
        ({ type, properties }) => type === 'message.part.updated' && properties['part'].state?.time?.compacted,
      );
    expect(pruned().length).toBeGreaterThan(0);
    world.model.push(reply().text('End.'));
    await here.prompt(session, 'Last');
    const results = world.model.requests.at(-1)!.body.messages.filter(({ role }) => role === 'tool');
    expect(plain(results[0]!.content)).toMatch(/was removed/);
    expect(plain(results.at(-1)!.content)).toMatch(/xxxx/);
  });
});
