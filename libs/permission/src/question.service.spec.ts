import type { QuestionInfo } from '#libs/contract';
import { PermissionWorld, type PermissionWorldOptions } from './permission-world.fixture.js';
import { QuestionRejectedError } from './question.error.js';
import { type QuestionAsk, QuestionService } from './question.service.js';

const COLOUR: QuestionInfo = {
  question: 'Which colour?',
  header: 'Colour',
  options: [{ label: 'Red', description: 'like fire' }],
};

describe('QuestionService', () => {
  let world: PermissionWorld;
  let service: QuestionService;
  let seen: { type: string; properties: unknown }[];
  const start = async (options?: PermissionWorldOptions) => {
    world = await PermissionWorld.create(options);
    service = world.module.get(QuestionService);
    seen = [];
    world.bus.all$.subscribe(({ type, properties }) => seen.push({ type, properties }));
  };
  beforeEach(() => start());
  afterEach(() => world.close());

  /** Asks, and gives how it ended. */
  const ask = (more: Partial<QuestionAsk> = {}, of = world.instance) => {
    const result = { answers: undefined as unknown, error: undefined as unknown, id: '' };
    const done = service.ask(of, { sessionID: 'ses_1', questions: [COLOUR], ...more }).then(
      (answers) => void (result.answers = answers),
      (error: unknown) => void (result.error = error),
    );
    result.id = service.list(of).at(-1)?.id ?? '';
    return Object.assign(result, { done });
  };
  const replied = (id: string, answers: string[][]) => ({
    type: 'question.replied',
    properties: { sessionID: 'ses_1', requestID: id, answers },
  });
  const rejected = (id: string) => ({ type: 'question.rejected', properties: { sessionID: 'ses_1', requestID: id } });

  it('publishes the request, lists it, and gives the answers as they come', async () => {
    const tool = { messageID: 'msg_1', callID: 'call_1' };
    const call = ask({ tool });
    const request = { id: expect.stringMatching(/^que_/), sessionID: 'ses_1', questions: [COLOUR], tool };
    expect(service.list(world.instance)).toEqual([request]);
    expect(seen).toEqual([{ type: 'question.asked', properties: request }]);
    service.reply(call.id, [['Red', 'my own'], [], ['more than asked']]);
    await call.done;
    expect(call.answers).toEqual([['Red', 'my own'], [], ['more than asked']]);
    expect(seen.slice(1)).toEqual([replied(call.id, [['Red', 'my own'], [], ['more than asked']])]);
    expect(service.list(world.instance)).toEqual([]);
  });

  it('fails the call when it is dismissed, and leaves the others of the session', async () => {
    const [one, other] = [ask(), ask()];
    service.reject(one.id);
    await one.done;
    expect(QuestionRejectedError.is(one.error)).toBe(true);
    expect(String(one.error)).toBe('QuestionRejectedError: The user dismissed this question');
    expect(seen.slice(2)).toEqual([rejected(one.id)]);
    expect(service.list(world.instance).map(({ id }) => id)).toEqual([other.id]);
  });

  it('answers unknown and answered ids with not found', async () => {
    expect(() => service.reply('que_nope', [])).toThrow('que_nope');
    expect(() => service.reject('que_nope')).toThrow('que_nope');
    const call = ask();
    service.reply(call.id, []);
    expect(() => service.reject(call.id)).toThrow(call.id);
    await call.done;
  });

  it('dismisses what a call, a session or an instance leaves behind', async () => {
    const control = new AbortController();
    const aborted = ask({ signal: control.signal });
    const removed = ask({ sessionID: 'ses_2' });
    const disposed = ask();
    seen.length = 0;
    control.abort();
    await aborted.done;
    service.rejectSession('ses_2');
    await removed.done;
    await world.store.dispose(world.instance);
    await disposed.done;
    for (const { error } of [aborted, removed, disposed]) expect(QuestionRejectedError.is(error)).toBe(true);
    expect(seen.map(({ type }) => type)).toEqual([
      'question.rejected',
      'question.rejected',
      'question.rejected',
      'server.instance.disposed',
    ]);
    const late = ask({ signal: control.signal });
    await late.done;
    expect(QuestionRejectedError.is(late.error)).toBe(true);
    expect(seen).toHaveLength(4);
  });

  it('keeps instances apart, and finds the requests of sessions wherever they work', async () => {
    const elsewhere = (await world.store.acquire('/other')).instance;
    const [here, there] = [ask(), ask({ sessionID: 'ses_2' }, elsewhere)];
    expect(service.list(world.instance).map(({ id }) => id)).toEqual([here.id]);
    expect(service.list(elsewhere).map(({ id }) => id)).toEqual([there.id]);
    expect(service.listForSessions(['ses_1', 'ses_2']).map(({ id }) => id)).toEqual([here.id, there.id]);
    service.reply(there.id, [['Red']]);
    await there.done;
    expect(there.answers).toEqual([['Red']]);
  });

  it('deny: is dismissed at its deadline, and says so', async () => {
    world.session('ses_1', [{ permission: 'unanswered', pattern: 'question', action: 'deny' }]);
    const call = ask();
    await world.clock.sleepers(1);
    world.clock.pass();
    await call.done;
    expect(QuestionRejectedError.is(call.error)).toBe(true);
    expect((call.error as Error).message).toBe(
      'Nobody answered within 60 seconds, which counts as if the user dismissed this question',
    );
    expect(seen.slice(1)).toEqual([rejected(call.id)]);
    expect(() => service.reply(call.id, [])).toThrow(call.id);
  });

  it('allow: goes on without answers at its deadline', async () => {
    await world.close();
    await start({ options: { deadline: 1000, onDeadline: 'allow' } });
    const call = ask({ questions: [COLOUR, COLOUR] });
    expect(await world.clock.sleepers(1)).toEqual([1000]);
    world.clock.pass();
    await call.done;
    expect(call.answers).toEqual([[], []]);
    expect(seen.slice(1)).toEqual([replied(call.id, [[], []])]);
  });
});
