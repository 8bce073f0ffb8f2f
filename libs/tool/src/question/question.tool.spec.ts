import { filter, firstValueFrom } from 'rxjs';
import type { QuestionRequest } from '#libs/contract';
import { EventBus } from '#libs/event';
import type { ToolResult } from '#libs/extension';
import { QuestionRejectedError, QuestionService } from '#libs/permission';
import { ToolWorld } from '../tool-world.fixture.js';

const option = (label: string) => ({ label, description: `${label}.` });
const WHICH = { question: 'Which?', header: 'Pick', options: [option('A'), option('B')] };
const MANY = { question: 'Many?', header: 'More', options: [option('C')], multiple: true };
const LEFT = { question: 'Left?', header: 'Out', options: [] };

describe('question', () => {
  let world: ToolWorld;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());

  /** Calls the tool, and gives the request that clients see. */
  const call = async (questions: object[], signal = new AbortController().signal) => {
    const asked = firstValueFrom(world.module.get(EventBus).all$.pipe(filter(({ type }) => type === 'question.asked')));
    const outcome = world.run('question', { questions }, { signal }).catch((error: unknown) => error as Error);
    await asked;
    const service = world.module.get(QuestionService);
    const [request] = service.list(world.instance) as [QuestionRequest];
    return { service, request, outcome: outcome as Promise<ToolResult & Error> };
  };

  it('asks, and pairs the questions with the answers', async () => {
    const { service, request, outcome } = await call([{ ...WHICH, custom: false, extra: 1 }, MANY, LEFT]);
    expect(request).toEqual({
      id: expect.stringMatching(/^que_/),
      sessionID: 'ses_1',
      questions: [WHICH, MANY, LEFT],
      tool: { messageID: 'msg_1', callID: 'call_1' },
    });
    expect(world.events).toEqual([{ type: 'question.asked', properties: request }]);
    service.reply(request.id, [['A'], ['C', 'custom']]);
    expect(await outcome).toEqual({
      title: 'Asked 3 questions',
      output:
        'User has answered your questions: "Which?"="A", "Many?"="C, custom", "Left?"="Unanswered". ' +
        "You can now continue with the user's answers in mind.",
      metadata: { answers: [['A'], ['C', 'custom']], truncated: false },
    });
  });

  it('counts one question', async () => {
    const { service, request, outcome } = await call([WHICH]);
    service.reply(request.id, [[]]);
    expect(await outcome).toMatchObject({ title: 'Asked 1 question', metadata: { answers: [[]] } });
  });

  it('fails when it is dismissed or aborted', async () => {
    const { service, request, outcome } = await call([WHICH]);
    service.reject(request.id);
    expect((await outcome).message).toBe('The user dismissed this question');
    const control = new AbortController();
    const aborted = await call([WHICH], control.signal);
    control.abort();
    expect(QuestionRejectedError.is(await aborted.outcome)).toBe(true);
    expect(service.list(world.instance)).toEqual([]);
  });

  it('asks nobody where the rules forbid it, or when there is nothing to ask', async () => {
    expect(await world.fail('question', { questions: [] })).toContain('at least one question');
    world.onAsk = () => Promise.reject(new Error('no'));
    expect(await world.fail('question', { questions: [WHICH] })).toBe('no');
    expect(world.asks).toEqual([{ permission: 'question', patterns: ['*'], always: ['*'], metadata: {} }]);
    expect(world.events).toEqual([]);
  });

  it.each([
    ['cli', true],
    ['app', true],
    ['desktop', true],
    ['', true],
    ['acp', false],
    ['vscode', false],
  ])('client %j: is there: %s', async (client, there) => {
    const other = await ToolWorld.create({ variables: { OPENCODE_CLIENT: client } });
    expect((await other.registry.ids(other.instance)).includes('question')).toBe(there);
    await other.close();
  });
});
