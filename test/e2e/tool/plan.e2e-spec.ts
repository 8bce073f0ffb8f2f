import { join } from 'node:path';
import { plain, reply } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('plan mode with files', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start({ variables: { OPENCODE_EXPERIMENTAL_PLAN_MODE: 'true' } });
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const request = (index: number) => world.model.requests[index]!;
  const newest = (index: number) => {
    const { messages } = request(index).body;
    return plain(messages.findLast(({ role }: { role: string }) => role === 'user')!.content);
  };

  it('goes from build to plan and back within one turn, as the user agrees', async () => {
    const place = await world.place({ git: true, files: { 'a.txt': 'a\n' } });
    const session = await place.session();
    const { slug, time } = (await place.get(`/session/${session}`)).body;
    const plan = `.opencode/plans/${time.created}-${slug}.md`;
    world.model.push(
      reply().tool('plan_enter', {}, 'call_enter'),
      reply().tool('write', { filePath: place.project.path('b.txt'), content: 'b' }),
      reply().tool('write', { filePath: place.project.path(plan), content: '# Plan\n' }),
      reply().tool('plan_exit', {}),
      reply().text('Built.'),
    );
    const answer = place.prompt(session, 'Do something large');
    const enter = (await place.events.next('question.asked')).properties;
    expect(enter).toMatchObject({
      sessionID: session,
      tool: { callID: 'call_enter' },
      questions: [
        {
          header: 'Plan Mode',
          custom: false,
          question: expect.stringContaining(plan),
          options: [{ label: 'Yes' }, { label: 'No' }],
        },
      ],
    });
    await place.post(`/question/${enter['id']}/reply`, { answers: [['Yes']] });
    const exit = (await place.events.next('question.asked')).properties;
    expect(exit['questions'][0]).toMatchObject({ header: 'Build Agent', question: expect.stringContaining(plan) });
    await place.post(`/question/${exit['id']}/reply`, { answers: [[]] });
    const { body } = await answer;
    expect(body).toMatchObject({ info: { agent: 'build', finish: 'stop' } });

    const history = await place.history(session);
    expect(history.map(({ info }) => `${info.role} ${info.agent}`)).toEqual([
      'user build',
      'assistant build',
      'user plan',
      'assistant plan',
      'assistant plan',
      'assistant plan',
      'user build',
      'assistant build',
    ]);
    expect(history[2]!.parts).toMatchObject([{ type: 'text', synthetic: true }]);
    expect(history[2]!.info.model).toEqual(history[0]!.info.model);
    expect(history[3]!.info.parentID).toBe(history[2]!.info.id);
    const calls = history.flatMap(({ parts }) => parts.filter(({ type }) => type === 'tool'));
    expect(calls.map(({ state }) => state.title ?? state.error)).toEqual([
      'Switching to plan agent',
      expect.stringContaining('rule which prevents'),
      plan,
      'Switching to build agent',
    ]);
    expect(calls[0].state.output).toContain(plan);
    expect(request(0).tools).toContain('plan_enter');
    expect(request(0).tools).not.toContain('plan_exit');
    expect(request(1).tools).toContain('plan_exit');
    expect(newest(1)).toMatch(new RegExp(`Plan mode is on[^]*write it to ${place.project.path(plan)}`));
    expect(newest(3)).toContain(`the plan that is in ${place.project.path(plan)}`);
    expect(newest(4)).toMatch(/Plan mode is over[^]*The plan is in/);
  });

  it('stays where it is when the user says no', async () => {
    const place = await world.place();
    const session = await place.session();
    world.model.push(reply().tool('plan_enter', {}));
    const answer = place.prompt(session, 'Do something large');
    const asked = (await place.events.next('question.asked')).properties;
    // outside git plans are kept with the data of the server
    expect(asked['questions'][0].question).toContain(join(world.server.home, '.local/share/opencode/plans').slice(1));
    await place.post(`/question/${asked['id']}/reply`, { answers: [['No']] });
    const { body } = await answer;
    expect(body.info).toMatchObject({ agent: 'build', finish: 'tool-calls' });
    const { state } = body.parts.find(({ type }: { type: string }) => type === 'tool');
    expect(state.error).toBe('Error: The user dismissed this question');
    expect(await place.history(session)).toHaveLength(2);
  });

  it('is listed behind all other tools, where it is switched on', async () => {
    const place = await world.place();
    expect((await place.get('/experimental/tool/ids')).body.slice(-3)).toEqual([
      'apply_patch',
      'plan_exit',
      'plan_enter',
    ]);
  });
});

it('plan tools are for the client of the terminal only', async () => {
  const variables = { OPENCODE_EXPERIMENTAL_PLAN_MODE: '1', OPENCODE_CLIENT: 'vscode' };
  const world = await RunWorld.start({ variables });
  const place = await world.place();
  const { body } = await place.get('/experimental/tool/ids');
  expect(body).toEqual(expect.arrayContaining(['bash']));
  for (const id of ['plan_exit', 'plan_enter', 'question']) expect(body).not.toContain(id);
  await world.settle();
  await world.close();
});
