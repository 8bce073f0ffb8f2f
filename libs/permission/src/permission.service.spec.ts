import type { PermissionRuleset } from '#libs/contract';
import { type Instance, InstanceState, type InstanceStore } from '#libs/instance';
import { PermissionWorld } from './permission-world.fixture.js';
import { PermissionCorrectedError, PermissionDeniedError, PermissionRejectedError } from './permission.error.js';
import { type PermissionAsk, PermissionService } from './permission.service.js';

const ASK: PermissionRuleset = [{ permission: '*', pattern: '*', action: 'ask' }];
const REJECTED = 'The user rejected permission to use this specific tool call.';

describe('PermissionService', () => {
  let service: PermissionService;
  let store: InstanceStore;
  let instance: Instance;
  let seen: string[];
  let world: PermissionWorld;

  beforeEach(async () => {
    world = await PermissionWorld.create();
    ({ store, instance } = world);
    service = world.module.get(PermissionService);
    seen = [];
    world.bus.all$.subscribe((event) => {
      const properties = event.properties as { requestID?: string; reply?: string; id?: string };
      if (event.type === 'permission.asked') seen.push(`asked ${label(properties.id)}`);
      else if (event.type === 'permission.replied') seen.push(`${properties.reply} ${label(properties.requestID)}`);
      else seen.push(event.type);
    });
  });
  afterEach(() => world.close());

  const request = (patterns: string[], more: Partial<PermissionAsk> = {}): PermissionAsk => ({
    sessionID: 'ses_1',
    permission: 'bash',
    patterns,
    always: [`${patterns[0]} *`],
    metadata: {},
    ruleset: ASK,
    ...more,
  });
  /** First pattern of a request that was seen pending. */
  const names = new Map<string, string>();
  const label = (id = '') => {
    for (const each of service.list(instance)) names.set(each.id, each.patterns.join('+'));
    return names.get(id) ?? 'not listed';
  };
  /** Asks, and gives how it ended. */
  const ask = (patterns: string[], more?: Partial<PermissionAsk>, of = instance) => {
    const result = { state: 'open', error: undefined as unknown, id: '' };
    const done = service.ask(of, request(patterns, more)).then(
      () => void (result.state = 'allowed'),
      (error: unknown) => void Object.assign(result, { state: 'failed', error }),
    );
    result.id = service.list(of).at(-1)?.id ?? '';
    return Object.assign(result, { done });
  };

  it('is silent when the rules allow', async () => {
    const call = ask(['ls'], { ruleset: [{ permission: 'bash', pattern: '*', action: 'allow' }] });
    await call.done;
    expect(call.state).toBe('allowed');
    expect(seen).toEqual([]);
  });

  it('fails at once when one pattern is denied, naming the rules that concern the permission', async () => {
    const ruleset: PermissionRuleset = [
      { permission: '*', pattern: '*', action: 'ask' },
      { permission: 'read', pattern: '*', action: 'allow' },
      { permission: 'bash', pattern: 'rm *', action: 'deny' },
    ];
    const call = ask(['ls', 'rm x'], { ruleset });
    await call.done;
    expect(PermissionDeniedError.is(call.error)).toBe(true);
    expect(String((call.error as Error).message)).toBe(
      'The user has specified a rule which prevents you from using this specific tool call. Here are some of the relevant rules ' +
        JSON.stringify([ruleset[0], ruleset[2]]),
    );
    expect(seen).toEqual([]);
  });

  it('publishes the request as documented, without the rules', async () => {
    const call = ask(['ls', 'pwd'], { tool: { messageID: 'msg_1', callID: 'call_1' }, metadata: { a: 1 } });
    expect(service.list(instance)).toEqual([
      {
        id: expect.stringMatching(/^per_/),
        sessionID: 'ses_1',
        permission: 'bash',
        patterns: ['ls', 'pwd'],
        always: ['ls *'],
        metadata: { a: 1 },
        tool: { messageID: 'msg_1', callID: 'call_1' },
      },
    ]);
    service.reply(call.id, 'once');
    await call.done;
    expect(call.state).toBe('allowed');
    expect(seen).toEqual(['asked ls+pwd', 'once ls+pwd']);
    expect(service.list(instance)).toEqual([]);
  });

  it('asks again after once, and not after always', async () => {
    for (const reply of ['once', 'always'] as const) {
      const call = ask(['git log'], { always: ['git log *'] });
      expect(call.id).not.toBe('');
      service.reply(call.id, reply);
      await call.done;
    }
    const third = ask(['git log -1'], { sessionID: 'ses_2' });
    await third.done;
    expect(third.state).toBe('allowed');
    expect(ask(['git push']).id).not.toBe('');
  });

  it('lets an approval beat a session rule that denies', async () => {
    service.reply(ask(['ls']).id, 'always');
    const call = ask(['ls'], { ruleset: [{ permission: 'bash', pattern: '*', action: 'deny' }] });
    await call.done;
    expect(call.state).toBe('allowed');
  });

  it('always: lets go what the approvals cover in the same session only', async () => {
    const first = ask(['ls']);
    const covered = ask(['ls -l', 'ls']);
    const half = ask(['ls -l', 'pwd']);
    const foreign = ask(['ls'], { sessionID: 'ses_2' });
    const otherDirectory = ask(['ls'], {}, (await store.acquire('/other')).instance);
    seen.length = 0;
    service.reply(first.id, 'always');
    await Promise.all([first.done, covered.done]);
    expect(seen).toEqual(['always ls', 'always ls -l+ls']);
    expect([half.state, foreign.state, otherDirectory.state]).toEqual(['open', 'open', 'open']);
  });

  it('reject: rejects the other requests of the session', async () => {
    const calls = [ask(['a']), ask(['b']), ask(['c'], { sessionID: 'ses_2' })];
    seen.length = 0;
    service.reply(calls[1]?.id ?? '', 'reject');
    await Promise.all([calls[0]?.done, calls[1]?.done]);
    expect(seen).toEqual(['reject b', 'reject a']);
    expect(calls.map((call) => call.state)).toEqual(['failed', 'failed', 'open']);
    expect((calls[0]?.error as Error).message).toBe(REJECTED);
    expect(PermissionRejectedError.is(calls[1]?.error)).toBe(true);
  });

  it('reject with a message: feedback for the one, a plain rejection for the others', async () => {
    const [one, other] = [ask(['a']), ask(['b'])];
    service.reply(one.id, 'reject', 'use make');
    await Promise.all([one.done, other.done]);
    expect((one.error as Error).message).toBe(
      'The user rejected permission to use this specific tool call with the following feedback: use make',
    );
    expect(PermissionCorrectedError.is(one.error)).toBe(true);
    expect(PermissionRejectedError.is(one.error)).toBe(false);
    expect(PermissionRejectedError.is(other.error)).toBe(true);
  });

  it('answers an unknown or answered id with not found', async () => {
    expect(() => service.reply('per_nope', 'once')).toThrow('per_nope');
    const call = ask(['a']);
    service.reply(call.id, 'once');
    expect(() => service.reply(call.id, 'once')).toThrow(call.id);
    await call.done;
  });

  it('rejects what a session asks when it is aborted or removed', async () => {
    const control = new AbortController();
    const calls = [ask(['a'], { signal: control.signal }), ask(['b']), ask(['c'], { sessionID: 'ses_2' })];
    seen.length = 0;
    control.abort();
    await calls[0]?.done;
    service.rejectSession('ses_1');
    await calls[1]?.done;
    expect(seen).toEqual(['reject a', 'reject b']);
    expect(calls.map((call) => PermissionRejectedError.is(call.error))).toEqual([true, true, false]);
    const late = ask(['d'], { signal: control.signal });
    await late.done;
    expect(PermissionRejectedError.is(late.error)).toBe(true);
    expect(seen).toHaveLength(2);
  });

  it('rejects pending requests and forgets approvals when the instance ends, before anything waits for them', async () => {
    const approved = ask(['ls']);
    service.reply(approved.id, 'always');
    const call = ask(['pwd']);
    // as a run would: its disposal waits for the reply
    new InstanceState(
      () => call,
      async ({ done }) => done,
    ).get(instance);
    seen.length = 0;
    await store.dispose(instance);
    expect(PermissionRejectedError.is(call.error)).toBe(true);
    expect(seen).toEqual(['reject pwd', 'server.instance.disposed']);
    const next = (await store.acquire('/proj')).instance;
    const again = ask(['ls'], {}, next);
    expect(again.id).not.toBe('');
    service.reply(again.id, 'once');
    await again.done;
  });

  it('lists what sessions ask, wherever they work', async () => {
    const elsewhere = (await store.acquire('/other')).instance;
    ask(['a'], { sessionID: 'ses_root' });
    ask(['b'], { sessionID: 'ses_child' }, elsewhere);
    ask(['c'], { sessionID: 'ses_foreign' });
    const listed = service.listForSessions(['ses_child', 'ses_root', 'ses_unknown']);
    expect(listed.map(({ patterns }) => patterns[0])).toEqual(['a', 'b']);
  });

  it('asks nothing about tools that ask the user anyway, and lets rules forbid them', async () => {
    const call = ask(['*'], { permission: 'question' });
    await call.done;
    expect([call.state, seen]).toEqual(['allowed', []]);
    const ruleset: PermissionRuleset = [{ permission: 'question', pattern: '*', action: 'deny' }];
    const denied = ask(['*'], { permission: 'question', ruleset });
    await denied.done;
    expect(PermissionDeniedError.is(denied.error)).toBe(true);
  });

  it('answers in the place of a user who is away, request by request', async () => {
    world.session('ses_1', [{ permission: 'unanswered', pattern: '*', action: 'deny' }]);
    world.session('ses_2', [{ permission: 'unanswered', pattern: 'bash', action: 'allow' }]);
    const refused = ask(['a']);
    const granted = ask(['b'], { sessionID: 'ses_2' });
    const waiting = ask(['c'], { sessionID: 'ses_3' });
    const answered = ask(['d']);
    seen.length = 0;
    await world.clock.sleepers(3);
    service.reply(answered.id, 'once');
    await answered.done;
    world.clock.pass();
    await Promise.all([refused.done, granted.done]);
    expect(seen).toEqual(['once d', 'reject a', 'once b']);
    expect([refused, granted, waiting, answered].map(({ state }) => state)).toEqual([
      'failed',
      'allowed',
      'open',
      'allowed',
    ]);
    expect(PermissionRejectedError.is(refused.error)).toBe(true);
    expect((refused.error as Error).message).toBe(
      'Nobody answered within 60 seconds, which counts as rejected permission to use this specific tool call.',
    );
    expect(service.list(instance).map(({ id }) => id)).toEqual([waiting.id]);
  });
});
