import type { Agent, PermissionRule, PermissionRuleset } from '#libs/contract';
import { COMPACTION_PROMPT, EXPLORE_PROMPT, SUMMARY_PROMPT, TITLE_PROMPT } from './agent-prompts.js';

export interface BuiltInContext {
  /** Folder of saved tool outputs; reading there needs no leave. */
  toolOutput: string;
  /** Folders of skills; reading there needs no leave either. */
  skills: readonly string[];
  /** Folder of plans outside a project. */
  plans: string;
  /** The same, relative to the worktree of the instance. */
  relativePlans: string;
}

const rule = (permission: string, action: PermissionRule['action'], pattern = '*'): PermissionRule => ({
  permission,
  pattern,
  action,
});

/** Rules that every agent starts with. The last match wins. */
export function defaultRules({ toolOutput, skills }: BuiltInContext): PermissionRuleset {
  return [
    rule('*', 'allow'),
    rule('doom_loop', 'ask'),
    rule('external_directory', 'ask'),
    rule('external_directory', 'allow', `${toolOutput}/*`),
    ...skills.map((folder) => rule('external_directory', 'allow', `${folder}/*`)),
    rule('question', 'deny'),
    rule('plan_enter', 'deny'),
    rule('plan_exit', 'deny'),
    rule('read', 'allow'),
    rule('read', 'ask', '*.env'),
    rule('read', 'ask', '*.env.*'),
    rule('read', 'allow', '*.env.example'),
  ];
}

/** The agents of the server itself, in the order of `GET /agent`; user rules are not yet part of them. */
export function builtInAgents(context: BuiltInContext): Agent[] {
  const agent = (name: string, mode: Agent['mode'], rules: PermissionRuleset, more: Partial<Agent> = {}): Agent => ({
    name,
    mode,
    native: true,
    options: {},
    permission: [...defaultRules(context), ...rules],
    ...more,
  });
  const silent = (name: string, prompt: string, more: Partial<Agent> = {}) =>
    agent(name, 'primary', [rule('*', 'deny')], { hidden: true, prompt, ...more });

  return [
    agent('build', 'primary', [rule('question', 'allow'), rule('plan_enter', 'allow')], {
      description: 'Does the work: reads, changes files and runs commands under the permission rules.',
    }),
    agent(
      'plan',
      'primary',
      [
        rule('question', 'allow'),
        rule('plan_exit', 'allow'),
        rule('external_directory', 'allow', `${context.plans}/*`),
        rule('edit', 'deny'),
        rule('edit', 'allow', '.opencode/plans/*.md'),
        rule('edit', 'allow', `${context.relativePlans}/*.md`),
      ],
      { description: 'Thinks first: explores and plans without changing files.' },
    ),
    agent('general', 'subagent', [rule('todoread', 'deny'), rule('todowrite', 'deny')], {
      description: 'Researches questions and carries out tasks of several steps on its own, several at a time.',
    }),
    agent(
      'explore',
      'subagent',
      [
        rule('*', 'deny'),
        ...['grep', 'glob', 'list', 'bash', 'webfetch', 'websearch', 'codesearch', 'read'].map((name) =>
          rule(name, 'allow'),
        ),
        rule('external_directory', 'allow', `${context.toolOutput}/*`),
      ],
      {
        prompt: EXPLORE_PROMPT,
        description: 'Finds files and answers questions about a code base quickly, without changing anything.',
      },
    ),
    silent('compaction', COMPACTION_PROMPT),
    silent('title', TITLE_PROMPT, { temperature: 0.5 }),
    silent('summary', SUMMARY_PROMPT),
  ];
}
