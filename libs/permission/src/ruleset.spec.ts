import type { PermissionRuleset } from '#libs/contract';
import { evaluate, isWithheld, judge, rulesetOf } from './ruleset.js';

const DEFAULTS = rulesetOf(
  {
    '*': 'allow',
    external_directory: { '*': 'ask', '/data/tool-output/*': 'allow' },
    read: { '*': 'allow', '*.env': 'ask', '*.env.example': 'allow' },
  },
  '/home/u',
);

describe('judge', () => {
  const rules = (...list: [pattern: string, action: 'allow' | 'deny'][]): PermissionRuleset =>
    list.map(([pattern, action]) => ({ permission: 'bash', pattern, action }));
  const action = (ruleset: PermissionRuleset) =>
    judge({ permission: 'bash', pattern: 'env rm x', spellings: ['rm x'] }, [ruleset]).action;

  it.each([
    [rules(['*', 'allow'], ['rm *', 'deny']), 'deny'],
    [rules(['*', 'deny'], ['env *', 'allow']), 'allow'],
    [rules(['rm *', 'deny'], ['env rm *', 'allow']), 'allow'],
    [rules(['env *', 'deny'], ['rm *', 'allow']), 'deny'],
    // a spelling allows nothing
    [rules(['rm *', 'allow']), 'ask'],
  ])('%j', (ruleset, expected) => expect(action(ruleset)).toBe(expected));
});

describe('evaluate', () => {
  it.each([
    ['bash', 'ls', 'allow'],
    ['read', '/proj/.env', 'ask'],
    ['read', '/proj/.env.example', 'allow'],
    ['external_directory', '/etc/*', 'ask'],
    ['external_directory', '/data/tool-output/*', 'allow'],
  ])('%s %s: %s', (permission, pattern, action) => {
    expect(evaluate(permission, pattern, DEFAULTS).action).toBe(action);
  });

  it('takes the last match of all rulesets, and asks without one', () => {
    const deny: PermissionRuleset = [{ permission: 'bash', pattern: 'rm *', action: 'deny' }];
    const approved: PermissionRuleset = [{ permission: 'bash', pattern: 'rm -i *', action: 'allow' }];
    expect(evaluate('bash', 'rm -i x', DEFAULTS, deny).action).toBe('deny');
    expect(evaluate('bash', 'rm -i x', DEFAULTS, deny, approved)).toEqual(approved[0]);
    expect(evaluate('bash', 'ls', deny)).toEqual({ permission: 'bash', pattern: '*', action: 'ask' });
    expect(evaluate('bash', 'ls').action).toBe('ask');
  });
});

describe('rulesetOf', () => {
  it('expands a single action, maps and the home directory, in the order of the keys', () => {
    expect(rulesetOf(undefined, '/h')).toEqual([]);
    expect(rulesetOf('deny', '/h')).toEqual([{ permission: '*', pattern: '*', action: 'deny' }]);
    const config = {
      __originalKeys: ['bash'],
      'my_*': 'ask',
      edit: { '~/x/*': 'allow', '~': 'deny', '$HOME/y': 'ask', $HOME: 'ask', '~other/z': 'ask', $HOMES: 'ask' },
    } as const;
    expect(rulesetOf(structuredClone(config) as never, '/h/$&')).toEqual([
      { permission: 'my_*', pattern: '*', action: 'ask' },
      { permission: 'edit', pattern: '/h/$&/x/*', action: 'allow' },
      { permission: 'edit', pattern: '/h/$&', action: 'deny' },
      { permission: 'edit', pattern: '/h/$&/y', action: 'ask' },
      { permission: 'edit', pattern: '/h/$&', action: 'ask' },
      { permission: 'edit', pattern: '~other/z', action: 'ask' },
      { permission: 'edit', pattern: '$HOMES', action: 'ask' },
    ]);
  });
});

describe('isWithheld', () => {
  it('looks at the last rule that concerns the tool', () => {
    const deny = (permission: string, pattern = '*') => ({ permission, pattern, action: 'deny' as const });
    const allow = (permission: string, pattern = '*') => ({ permission, pattern, action: 'allow' as const });
    expect(isWithheld('task', [deny('task')])).toBe(true);
    expect(isWithheld('task', [deny('*'), allow('task')])).toBe(false);
    expect(isWithheld('task', [deny('*')])).toBe(true);
    expect(isWithheld('write', [deny('edit')])).toBe(true);
    expect(isWithheld('apply_patch', [deny('edit')])).toBe(false);
    expect(isWithheld('edit', [deny('edit'), allow('edit', '.opencode/plans/*.md')])).toBe(false);
    expect(isWithheld('bash', [deny('bash', 'rm *')])).toBe(false);
    expect(isWithheld('bash', [])).toBe(false);
  });
});
