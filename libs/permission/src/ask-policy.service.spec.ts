import { AskPolicyService } from './ask-policy.service.js';
import { PermissionWorld, type PermissionWorldOptions } from './permission-world.fixture.js';

describe('AskPolicyService', () => {
  let world: PermissionWorld;
  afterEach(() => world.close());
  const start = async (options?: PermissionWorldOptions) => {
    world = await PermissionWorld.create(options);
    const policy = world.module.get(AskPolicyService);
    /** What becomes of a request, with the time it waited; `wait` when it has no deadline. */
    return async (sessionID = 'ses_1', subject = 'bash') => {
      const control = new AbortController();
      const expiry = policy.expiry(sessionID, subject, control.signal);
      const outcome = await Promise.race([expiry, world.clock.sleepers(1)]);
      if (outcome === undefined) return 'wait';
      world.clock.pass();
      const { action, waited } = (await expiry)!;
      return `${action} ${waited}`;
    };
  };

  it.each<[string, PermissionWorldOptions, string]>([
    ['nothing', {}, 'wait'],
    ['a time', { variables: { OPENCODE_ASK_TIMEOUT_MS: '1500' } }, 'deny 1.5 seconds'],
    ['no time to wait', { variables: { OPENCODE_ASK_TIMEOUT_MS: '0' } }, 'deny 0 seconds'],
    ['an action', { variables: { OPENCODE_ASK_DEFAULT: 'Allow' } }, 'allow 60 seconds'],
    ['both', { variables: { OPENCODE_ASK_DEFAULT: 'allow', OPENCODE_ASK_TIMEOUT_MS: '2000' } }, 'allow 2 seconds'],
    ['a time for those who ask', { variables: { OPENCODE_ASK_DEFAULT: 'wait', OPENCODE_ASK_TIMEOUT_MS: '5' } }, 'wait'],
    ['nonsense', { variables: { OPENCODE_ASK_DEFAULT: 'perhaps', OPENCODE_ASK_TIMEOUT_MS: '-1' } }, 'wait'],
    ['a time beyond timers', { variables: { OPENCODE_ASK_TIMEOUT_MS: '99999999999' } }, 'deny 2147483.647 seconds'],
    [
      'options, which win',
      { variables: { OPENCODE_ASK_DEFAULT: 'allow' }, options: { deadline: 3000, onDeadline: 'deny' } },
      'deny 3 seconds',
    ],
    ['the option of a time', { options: { deadline: 3000 } }, 'deny 3 seconds'],
  ])('with %s', async (_name, options, expected) => {
    const outcome = await start(options);
    expect(await outcome()).toBe(expected);
  });

  it('follows the last rule of the session that fits, then those of its parents', async () => {
    const outcome = await start({ variables: { OPENCODE_ASK_TIMEOUT_MS: '1000' } });
    const rule = (pattern: string, action: 'allow' | 'ask' | 'deny') => ({ permission: 'unanswered', pattern, action });
    const all = { permission: '*', pattern: '*', action: 'allow' as const };
    world.session('ses_root', [rule('*', 'allow'), rule('bash', 'ask')]);
    world.session('ses_child', [rule('edit', 'deny'), all], 'ses_root');
    world.session('ses_leaf', undefined, 'ses_child');
    expect(await outcome('ses_leaf', 'edit')).toBe('deny 1 second');
    expect(await outcome('ses_leaf', 'bash')).toBe('wait');
    expect(await outcome('ses_leaf', 'question')).toBe('allow 1 second');
    expect(await outcome('ses_root', 'edit')).toBe('allow 1 second');
    world.session('ses_plain', [all]);
    expect(await outcome('ses_plain')).toBe('deny 1 second');
  });

  it('is not led in circles, and does without rules that cannot be read', async () => {
    const outcome = await start({ variables: { OPENCODE_ASK_TIMEOUT_MS: '1000' } });
    world.session('ses_a', [], 'ses_b');
    world.session('ses_b', [], 'ses_a');
    expect(await outcome('ses_a')).toBe('deny 1 second');
    expect(await outcome('ses_broken')).toBe('deny 1 second');
  });
});
