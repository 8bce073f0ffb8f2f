import { BasicAuthenticator } from '../authentication/basic-authenticator.adapter.js';
import { Authenticator } from '../authentication/authenticator.port.js';
import { PermissionPolicy } from '../policy/permission-policy.port.js';
import { AgentTool } from '../tool/agent-tool.decorator.js';
import type { ToolContext } from '../tool/agent-tool.js';
import { ShareService } from '../share/share-service.port.js';
import { authenticatorContract } from './authenticator-contract.js';
import type { ContractRunner } from './contract-runner.js';
import { permissionPolicyContract } from './permission-policy-contract.js';
import { shareServiceContract } from './share-service-contract.js';
import { toolContract, toolSourceContract } from './tool-contract.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

authenticatorContract('Basic authentication', async () => ({
  authenticator: new BasicAuthenticator({ username: 'opencode', password: 'geheim:ß' }),
  accepted: [
    { authorization: basic('opencode:geheim:ß') },
    { authorization: basic('opencode:geheim:ß').toLowerCase().slice(0, 5) + basic('opencode:geheim:ß').slice(5) },
  ],
}));

/** Runs the tests of a contract and tells which of them fail. */
async function failures(declare: (runner: ContractRunner) => void): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  declare({ describe: (_name, body) => body(), it: (name, body) => void tests.push([name, body]) });
  const failed: string[] = [];
  for (const [name, body] of tests) await body().catch(() => failed.push(name));
  return failed;
}

class Gullible extends Authenticator {
  override readonly challenge = 'Two\nlines';

  authenticate({ headers }: { headers: Record<string, unknown> }) {
    return String(headers['authorization']).startsWith('Bearer ');
  }
}

class Moody extends PermissionPolicy {
  private answers = 0;

  decide({ pattern, ruleset }: Parameters<PermissionPolicy['decide']>[0]) {
    (ruleset as unknown[]).push({});
    if (this.answers++ > 20) new URL(pattern);
    return this.answers % 2 ? 'allow' : 'deny';
  }
}

class Cupboard extends ShareService {
  private open = 0;

  async share({ title }: { title: string }) {
    return { url: `https://share.example/${title || 'untitled'}/${this.open++}` };
  }

  async unshare() {
    if (this.open-- === 0) throw new Error('not shared');
  }
}

class NoInput {}

@AgentTool({ id: 'sloppy', description: ' ', input: NoInput })
class SloppyTool {
  async execute(_input: NoInput, context: ToolContext) {
    await context.ask({ permission: 'sloppy', patterns: [], always: [], metadata: {} }).catch(() => undefined);
    return { title: 'x', output: '', metadata: { when: 1n } };
  }
}

describe('the contracts find what is wrong with', () => {
  it('an authenticator', async () => {
    const open = async () => ({ authenticator: new Gullible(), accepted: [{ authorization: 'Bearer sesame' }] });
    expect(await failures((runner) => authenticatorContract('x', open, runner))).toEqual([
      'refuses what it cannot read, without an error',
      'refuses what is nearly right',
      'has a challenge that can be sent as a header',
    ]);
  });

  it('a policy', async () => {
    const open = async () => ({ policy: new Moody() });
    expect(await failures((runner) => permissionPolicyContract('x', open, runner))).toEqual([
      'has an answer to everything, and the same one again',
      'leaves what it is given as it was',
    ]);
  });

  it('a share service', async () => {
    const failed = await failures((runner) =>
      shareServiceContract('x', async () => ({ service: new Cupboard() }), runner),
    );
    expect(failed).toEqual([
      'gives each session an address of its own, and the same one again',
      'has nothing against ending what is not shared',
    ]);
  });

  it('a tool', async () => {
    const open = async () => ({ tool: new SloppyTool(), input: {} });
    expect(await failures((runner) => toolContract('x', open, runner))).toEqual([
      'is described for models',
      'gives a result that can be shown and stored',
      'asks in a form that rules can judge',
      'lets the refusal of a permission pass',
    ]);
  });

  it('a source of tools', async () => {
    const tool = (id: string, parameters: object) => ({
      ...{ id, description: 'Does it.', parameters: { type: 'object', ...parameters } },
      execute: async () => ({ title: '', output: '' }),
    });
    const source = {
      specificationVersion: 'tool-source-v1' as const,
      tools: async () => [tool('a', {}), tool('a', { properties: { x: { type: 'nonsense' } } })],
    };
    const open = async () => ({ source, examples: { b: {} } });
    expect(await failures((runner) => toolSourceContract('x', open, runner))).toEqual([
      'lists tools with distinct names, soon and every time',
      'describes them for models',
      'gives results that can be shown and stored',
    ]);
  });
});
