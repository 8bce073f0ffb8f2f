import type { Config, PermissionRule, PermissionRuleset } from '#libs/contract';
import { matchWildcard } from './wildcard.js';

/** The last rule of all rulesets, taken one after the other, that fits; `ask` when none does. */
export function evaluate(
  permission: string,
  pattern: string,
  ...rulesets: readonly PermissionRuleset[]
): PermissionRule {
  return judge({ permission, pattern }, rulesets);
}

/** The same for something that has several spellings: a rule that denies also fits when it fits one of these. */
export function judge(
  { permission, pattern, spellings = [] }: { permission: string; pattern: string; spellings?: readonly string[] },
  rulesets: readonly PermissionRuleset[],
): PermissionRule {
  const fits = (rule: PermissionRule) =>
    matchWildcard(permission, rule.permission) &&
    (matchWildcard(pattern, rule.pattern) ||
      (rule.action === 'deny' && spellings.some((spelling) => matchWildcard(spelling, rule.pattern))));
  return rulesets.flat().findLast(fits) ?? { permission, pattern: '*', action: 'ask' };
}

/** Note of the order of keys that some clients put into the permission block. */
const KEY_ORDER_NOTE = '__originalKeys';

/**
 * The rules of a `permission` block of the configuration, in the order of its keys.
 * @param home replaces a leading `~` or `$HOME` of a pattern
 */
export function rulesetOf(config: Config['permission'], home: string): PermissionRuleset {
  if (config === undefined) return [];
  if (typeof config === 'string') return [{ permission: '*', pattern: '*', action: config }];
  return Object.entries(config as Record<string, RuleConfig | undefined>).flatMap(([permission, rule]) => {
    if (rule === undefined || permission === KEY_ORDER_NOTE) return [];
    if (typeof rule === 'string') return [{ permission, pattern: '*', action: rule }];
    return Object.entries(rule).map(([pattern, action]) => ({ permission, pattern: atHome(pattern, home), action }));
  });
}

type RuleConfig = PermissionRule['action'] | Record<string, PermissionRule['action']>;

const atHome = (pattern: string, home: string) => pattern.replace(/^(?:~(?=\/|$)|\$HOME(?!\w))/, () => home);

/** Tools that change files share one permission. */
const EDITING = new Set(['edit', 'write', 'patch', 'multiedit']);

/** Whether a tool is not even offered to the model: the last rule for it denies everything. */
export function isWithheld(toolID: string, ruleset: PermissionRuleset): boolean {
  const permission = EDITING.has(toolID) ? 'edit' : toolID;
  const rule = ruleset.findLast((each) => matchWildcard(permission, each.permission));
  return rule?.pattern === '*' && rule.action === 'deny';
}
