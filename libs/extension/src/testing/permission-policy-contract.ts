import assert from 'node:assert/strict';
import type { PermissionAction, Project } from '#libs/contract';
import { Instance } from '#libs/instance';
import type { PermissionCase, PermissionPolicy } from '../policy/permission-policy.port.js';
import { type Closable, declareContract } from './contract-case.js';
import { type ContractRunner, globalRunner } from './contract-runner.js';

/** @publicApi */
export interface PermissionPolicyUnderTest extends Closable {
  policy: PermissionPolicy;
  /** What it has to decide, beside what every policy must stand: what is asked, what the rules say, what it answers. */
  decisions?: readonly { asked: Partial<PermissionCase>; byRules: PermissionAction; expected: PermissionAction }[];
}

const ACTIONS: readonly PermissionAction[] = ['allow', 'ask', 'deny'];
const PERMISSIONS = ['bash', 'edit', 'read', 'webfetch', 'task', 'external_directory', 'doom_loop', 'an_mcp_tool'];
const PATTERNS = [
  '*',
  '',
  'src/a.ts',
  '../outside',
  '/etc/passwd',
  'rm -rf /',
  'echo "a; b" && (c | d)',
  'https://example.com/?q=1',
  'no url at all',
  'tab\tline\nnul\u0000',
  'Ünïcödé 🙂 \ud800',
  'x'.repeat(100_000),
];

/**
 * Declares the tests that every {@link PermissionPolicy} must pass: it stands between an agent and everything it does,
 * so it has an answer to whatever a model comes up with.
 *
 * @param name of the policy, for the report
 * @param open called once per test
 * @param runner where the tests are declared; default: the global `describe` and `it`
 * @publicApi
 */
export function permissionPolicyContract(
  name: string,
  open: () => Promise<PermissionPolicyUnderTest>,
  runner: ContractRunner = globalRunner(),
): void {
  declareContract(`${name} keeps the contract of permission policies`, { open, runner }, (test) => {
    test('has an answer to everything, and the same one again', async ({ policy }) => {
      for (const asked of cases())
        for (const byRules of ACTIONS) {
          const answer = await policy.decide(asked, byRules);
          const what = `${asked.permission} ${JSON.stringify(asked.pattern.slice(0, 40))}`;
          assert.ok(ACTIONS.includes(answer), `${what}: ${String(answer)} is no action`);
          assert.equal(await policy.decide(asked, byRules), answer, `${what}: another answer at the second time`);
        }
    });

    test('leaves what it is given as it was', async ({ policy }) => {
      for (const asked of cases()) await policy.decide(frozen(asked), 'ask');
    });

    test('decides as it is meant to', async ({ policy, decisions = [] }) => {
      for (const { asked, byRules, expected } of decisions) {
        const { permission, pattern } = asked;
        const answer = await policy.decide(caseOf(asked), byRules);
        assert.equal(answer, expected, `${permission} ${pattern}, "${byRules}" by the rules`);
      }
    });
  });
}

const cases = (): PermissionCase[] =>
  PERMISSIONS.flatMap((permission) => PATTERNS.map((pattern) => caseOf({ permission, pattern })));

function caseOf(asked: Partial<PermissionCase>): PermissionCase {
  const project: Project = { id: 'global', worktree: '/', time: { created: 0, updated: 0 }, sandboxes: [] };
  return {
    instance: new Instance('/work', { worktree: '/', project }),
    sessionID: 'ses_00000000000000000000000000',
    permission: 'bash',
    pattern: '*',
    metadata: {},
    ruleset: [{ permission: '*', pattern: '*', action: 'ask' }],
    ...asked,
  };
}

/** An assignment to something frozen throws. */
function frozen(asked: PermissionCase): PermissionCase {
  asked.ruleset.forEach((rule) => Object.freeze(rule));
  Object.freeze(asked.ruleset);
  Object.freeze(asked.metadata);
  return Object.freeze(asked);
}
