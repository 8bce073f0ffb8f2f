import { plain, reply, scriptedProvider } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('what the model is sent and what it costs', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  /** Configuration of the scripted provider with a model changed. */
  const withModel = (model: object, options: object = {}) => {
    const config = scriptedProvider(world.model) as {
      provider: { scripted: { options: object; models: { test: object } } };
    };
    const { scripted } = config.provider;
    Object.assign(scripted.models.test, model);
    Object.assign(scripted.options, options);
    return config;
  };

  it('tokens and cost follow from the usage and the prices', async () => {
    const place = await world.place({ config: withModel({ cost: { input: 3, output: 15, cache_read: 0.3 } }) });
    const usage = {
      prompt_tokens: 1000,
      completion_tokens: 200,
      total_tokens: 1200,
      prompt_tokens_details: { cached_tokens: 400 },
      completion_tokens_details: { reasoning_tokens: 50 },
    };
    world.model.push(reply().text('Hello.').usage(usage));
    const session = await place.session();
    const { body } = await place.prompt(session, 'Hi');
    expect(body.info.tokens).toEqual({
      total: 1200,
      input: 600,
      output: 200,
      reasoning: 50,
      cache: { read: 400, write: 0 },
    });
    // 600 · 3 + 200 · 15 + 50 · 15 + 400 · 0.3 per million
    expect(body.info.cost).toBe(0.00567);
    expect(body.parts.at(-1)).toMatchObject({ type: 'step-finish', cost: 0.00567, tokens: body.info.tokens });
  });

  it('a provider that counts nothing is not guessed at', async () => {
    const place = await world.place();
    world.model.push(reply().text('Hello.').usage(undefined));
    const session = await place.session();
    const { body } = await place.prompt(session, 'Hi');
    expect(body.info.tokens).toEqual({ input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } });
  });

  it.each([
    [8_192, 8_192],
    [64_000, 32_000],
  ])('asks for as much output as a limit of %i allows: %i', async (output, expected) => {
    const place = await world.place({ config: withModel({ limit: { context: 200_000, output } }) });
    world.model.push(reply().text('Hello.'));
    await place.prompt(await place.session(), 'Hi');
    const [{ body, headers }] = world.model.requests as [(typeof world.model.requests)[0]];
    expect(body).toMatchObject({ model: 'test', stream: true, max_tokens: expected, tool_choice: 'auto' });
    expect(body['stream_options']).toEqual({ include_usage: true });
    expect(headers).toMatchObject({ authorization: 'Bearer scripted-key', 'content-type': 'application/json' });
    expect(headers['user-agent']).toMatch(/^opencode\/\d/);
  });

  it('sends headers and options of the configuration', async () => {
    const place = await world.place({
      config: withModel(
        { headers: { 'x-model': 'a' }, options: { verbosity: 'low' }, id: 'real-name' },
        { headers: { 'x-all': 'b' } },
      ),
    });
    world.model.push(reply().text('Hello.'));
    await place.prompt(await place.session(), 'Hi');
    const [{ body, headers }] = world.model.requests as [(typeof world.model.requests)[0]];
    expect(body.model).toBe('real-name');
    expect(headers).toMatchObject({ 'x-model': 'a', 'x-all': 'b' });
    expect(body).toMatchObject({ verbosity: 'low' });
  });

  it('offers the tools with their schemas', async () => {
    const place = await world.place();
    world.model.push(reply().text('Hello.'));
    await place.prompt(await place.session(), 'Hi');
    const [{ body, tools }] = world.model.requests as [(typeof world.model.requests)[0]];
    const common = ['bash', 'read', 'glob', 'grep', 'edit', 'write', 'todowrite'];
    expect(tools.filter((name) => common.includes(name))).toEqual(common);
    expect(tools).not.toContain('invalid');
    for (const { function: tool } of body.tools!) {
      expect(tool.description!.length).toBeGreaterThan(20);
      expect(tool.parameters).toMatchObject({ type: 'object', properties: expect.any(Object) });
    }
  });

  describe('the system prompt', () => {
    const system = (index = 0) => plain(world.model.requests[index]!.body.messages[0]!.content);

    it('describes the environment', async () => {
      const place = await world.place();
      world.model.push(reply().text('Hello.'));
      await place.prompt(await place.session(), 'Hi');
      expect(world.model.requests[0]!.body.messages.filter(({ role }) => role === 'system')).toHaveLength(1);
      expect(system()).toContain('scripted/test');
      expect(system()).toContain(place.directory);
      expect(system()).toContain('Git repository: no');
      expect(system()).toContain(new Date().toDateString());
    });

    it('has the instruction files from the inside out, then the global one, then the configured', async () => {
      const project = await world.place({
        git: true,
        config: { ...withModel({}), instructions: ['docs/*.md', 'missing.md'] },
        files: {
          'AGENTS.md': 'Outer rule.',
          'sub/AGENTS.md': 'Inner rule.',
          'CLAUDE.md': 'Other kind.',
          'docs/style.md': 'Style rule.',
        },
      });
      const directory = project.project.path('sub');
      const { body: session } = await world.server.request('/session', { directory, json: {} });
      world.model.push(reply().text('Hello.'), reply().text('Bye.'));
      const say = (text: string, more: object = {}) =>
        world.server.request(`/session/${session.id}/message`, { json: { parts: [{ type: 'text', text }], ...more } });
      await say('Hi', { system: 'Answer in rhymes.' });
      const place = (text: string) => system().indexOf(text);
      const order = [
        `Instructions from: ${directory}/AGENTS.md\nInner rule.`,
        `Instructions from: ${project.directory}/AGENTS.md\nOuter rule.`,
        `Instructions from: ${project.directory}/docs/style.md\nStyle rule.`,
        'Answer in rhymes.',
      ].map(place);
      expect(order).not.toContain(-1);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(system()).not.toContain('Other kind.');
      expect(system()).toContain('Git repository: yes');
      expect(system().endsWith('Answer in rhymes.')).toBe(true);

      // read anew; the extra text was for that prompt only
      await project.project.write('sub/AGENTS.md', 'New rule.');
      await say('Hi again');
      expect(system(1)).toContain('New rule.');
      expect(system(1)).not.toContain('Answer in rhymes.');
      await world.server.request('/instance/dispose', { directory, method: 'POST' });
    });

    it('is the one of the agent, if it has one', async () => {
      const place = await world.place({
        config: {
          ...withModel({}),
          agent: { pirate: { prompt: 'You are a pirate.', mode: 'primary', temperature: 0.3 } },
        },
      });
      world.model.push(reply().text('Arr.'));
      const session = await place.session();
      const { body } = await place.prompt(session, { agent: 'pirate', parts: [{ type: 'text', text: 'Hi' }] });
      expect(system().startsWith('You are a pirate.\n')).toBe(true);
      expect([body.info.agent, body.info.mode]).toEqual(['pirate', 'pirate']);
    });
  });

  it('the plan agent is kept from changes, and the build agent is told when that is over', async () => {
    const place = await world.place();
    world.model.push(reply().text('A plan.'), reply().text('Built.'), reply().text('Other.'));
    const session = await place.session();
    for (const agent of ['plan', 'build'])
      await place.prompt(session, { agent, parts: [{ type: 'text', text: `as ${agent}` }] });
    await place.prompt(await place.session(), 'as build');
    const last = (index: number) => plain(world.model.requests[index]!.body.messages.at(-1)!.content);
    expect(last(0)).toMatch(/^as plan\n<system-reminder>\nPlan mode is on/);
    expect(last(1)).toMatch(/^as build\n<system-reminder>\nPlan mode is over/);
    expect(last(2)).toBe('as build');
    expect(JSON.stringify(await place.history(session))).not.toContain('system-reminder');
  });

  it('what a prompt does not name is that of its agent, then that of the session', async () => {
    const config = withModel({ reasoning: false }) as { provider: { scripted: { models: Record<string, object> } } };
    const variants = { high: { reasoningEffort: 'high' } };
    Object.assign(config.provider.scripted.models, {
      second: { ...config.provider.scripted.models['test'], variants },
    });
    const agent = {
      artist: { mode: 'primary', model: 'scripted/second', variant: 'high' },
      plain: { mode: 'primary', model: 'scripted/test', variant: 'high' },
    };
    const place = await world.place({ config: { ...config, agent } });
    const session = await place.session();
    const model = { providerID: 'scripted', modelID: 'test' };
    for (const more of [{ agent: 'artist' }, {}, { variant: 'nope' }, { agent: 'plain' }, { agent: 'artist', model }]) {
      world.model.push(reply().text('Yes.'));
      await place.prompt(session, { parts: [{ type: 'text', text: 'Hi' }], ...more });
    }
    const history = await place.history(session);
    const said = history.map(({ info }) => [info.role, info.agent, info.model?.modelID ?? info.modelID, info.variant]);
    expect(said).toEqual(
      [
        ['artist', 'second', 'high'],
        // the agent is chosen anew for each prompt
        ['build', 'second', undefined],
        ['build', 'second', 'nope'],
        // a variant of the agent that the model does not have
        ['plain', 'test', undefined],
        ['artist', 'test', undefined],
      ].flatMap((each) => [
        ['user', ...each],
        ['assistant', ...each],
      ]),
    );
    expect(world.model.requests.map(({ body }) => body['reasoning_effort'])).toEqual([
      'high',
      ...Array<undefined>(4).fill(undefined),
    ]);
  });

  it('variables limit the output, and with it leave more of the context', async () => {
    const small = await RunWorld.start({ variables: { OPENCODE_EXPERIMENTAL_OUTPUT_TOKEN_MAX: '1000' } });
    try {
      const config = scriptedProvider(small.model) as { provider: { scripted: { models: { test: object } } } };
      Object.assign(config.provider.scripted.models.test, { limit: { context: 30_000, output: 4_096 } });
      const place = await small.place({ config });
      const session = await place.session();
      for (const total of [28_999, 29_000]) {
        small.model.push(
          reply()
            .text('Full.')
            .usage({ prompt_tokens: total - 1, completion_tokens: 1, total_tokens: total }),
        );
        if (total === 29_000) small.model.push(reply().text('A summary.'), reply().text('Done.'));
        await place.prompt(session, 'Hi');
      }
      expect(small.model.requests.map(({ body }) => body['max_tokens'])).toEqual([1000, 1000, 1000, 1000]);
      await small.settle();
    } finally {
      await small.close();
    }
  });

  it.each(['length', 'content_filter', 'mystery'])('an answer that ends with %s is an answer', async (finish) => {
    const place = await world.place();
    world.model.push(reply().text('Half').finishReason(finish));
    const { body } = await place.prompt(await place.session(), 'Hi');
    const known = finish === 'mystery' ? 'other' : finish.replace('_', '-');
    expect(body.info).toMatchObject({ finish: known, time: { completed: expect.any(Number) } });
    expect(body.info).not.toHaveProperty('error');
  });

  it('a later prompt uses the model of the one before', async () => {
    const config = withModel({}) as { provider: { scripted: { models: Record<string, object> } } };
    config.provider.scripted.models['second'] = {
      name: 'Second',
      tool_call: true,
      limit: { context: 100_000, output: 1000 },
    };
    const place = await world.place({ config: config as unknown as Record<string, unknown> });
    world.model.push(reply().text('1'), reply().text('2'), reply().text('3'));
    const session = await place.session();
    await place.prompt(session, 'one');
    const model = { providerID: 'scripted', modelID: 'second' };
    await place.prompt(session, { parts: [{ type: 'text', text: 'two' }], model });
    const { body } = await place.prompt(session, 'three');
    expect(world.model.requests.map(({ body }) => body.model)).toEqual(['test', 'second', 'second']);
    expect(body.info.modelID).toBe('second');
  });
});
