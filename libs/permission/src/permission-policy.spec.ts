import type { PermissionAction, PermissionRuleset } from '#libs/contract';
import { type PermissionCase, PermissionPolicy } from '#libs/extension';
import { PermissionDeniedError, PermissionService } from './index.js';
import { PermissionWorld } from './permission-world.fixture.js';

const ALLOW: PermissionRuleset = [{ permission: '*', pattern: '*', action: 'allow' }];

/** Says what a test has written down, else what the rules say. */
class WrittenPolicy extends PermissionPolicy {
  readonly asked: [string, PermissionAction][] = [];
  readonly written: Record<string, PermissionAction | Error> = {};

  async decide({ pattern }: PermissionCase, byRules: PermissionAction): Promise<PermissionAction> {
    this.asked.push([pattern, byRules]);
    const answer = this.written[pattern] ?? byRules;
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

describe('a policy of the host', () => {
  let world: PermissionWorld;
  let service: PermissionService;
  let policy: WrittenPolicy;
  beforeEach(async () => {
    policy = new WrittenPolicy();
    world = await PermissionWorld.create({ policy });
    service = world.module.get(PermissionService);
  });
  afterEach(() => world.close());

  const ask = (patterns: string[], ruleset = ALLOW) =>
    service.ask(world.instance, {
      sessionID: 'ses_1',
      permission: 'bash',
      patterns,
      always: ['*'],
      metadata: {},
      ruleset,
    });

  it('hears what the rules say, and may leave it at that', async () => {
    await ask(['ls', 'pwd']);
    expect(policy.asked).toEqual([
      ['ls', 'allow'],
      ['pwd', 'allow'],
    ]);
  });

  it('forbids what the rules allow, before anybody is asked', async () => {
    policy.written['rm'] = 'deny';
    policy.written['ls'] = 'ask';
    await expect(ask(['ls', 'rm'])).rejects.toThrow(PermissionDeniedError);
    expect(service.list(world.instance)).toEqual([]);
  });

  it('makes the user be asked, and is not asked again about the answer', async () => {
    policy.written['rm'] = 'ask';
    const leave = ask(['rm']);
    await new Promise(setImmediate);
    const [request] = service.list(world.instance);
    service.reply(request!.id, 'once');
    await leave;
    expect(policy.asked).toHaveLength(1);
  });

  it('allows what the rules deny', async () => {
    policy.written['ls'] = 'allow';
    await ask(['ls'], [{ permission: '*', pattern: '*', action: 'deny' }]);
  });

  it('fails the call when it fails', async () => {
    policy.written['ls'] = new Error('the directory service does not answer');
    await expect(ask(['ls'])).rejects.toThrow('the directory service does not answer');
  });
});
