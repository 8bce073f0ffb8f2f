import { builtInAgents, defaultRules } from './built-in-agents.js';

const CONTEXT = {
  toolOutput: '/data/tool-output',
  skills: ['/skills/one', '/skills/two'],
  plans: '/data/plans',
  relativePlans: '../data/plans',
};
const brief = (rules: ReturnType<typeof defaultRules>) =>
  rules.map(({ permission, pattern, action }) => `${permission}:${pattern}:${action}`);

describe('the built-in agents', () => {
  const agents = builtInAgents(CONTEXT);

  it('start with the rules that everybody has', () => {
    expect(brief(defaultRules(CONTEXT))).toEqual([
      ...['*:*:allow', 'doom_loop:*:ask', 'external_directory:*:ask', 'external_directory:/data/tool-output/*:allow'],
      ...['external_directory:/skills/one/*:allow', 'external_directory:/skills/two/*:allow'],
      ...['question:*:deny', 'plan_enter:*:deny', 'plan_exit:*:deny'],
      ...['read:*:allow', 'read:*.env:ask', 'read:*.env.*:ask', 'read:*.env.example:allow'],
    ]);
  });

  it.each([
    ['build', 'primary', ['question:*:allow', 'plan_enter:*:allow']],
    [
      'plan',
      'primary',
      [
        ...['question:*:allow', 'plan_exit:*:allow', 'external_directory:/data/plans/*:allow', 'edit:*:deny'],
        ...['edit:.opencode/plans/*.md:allow', 'edit:../data/plans/*.md:allow'],
      ],
    ],
    ['general', 'subagent', ['todoread:*:deny', 'todowrite:*:deny']],
    [
      'explore',
      'subagent',
      [
        ...['*:*:deny', 'grep:*:allow', 'glob:*:allow', 'list:*:allow', 'bash:*:allow', 'webfetch:*:allow'],
        ...['websearch:*:allow', 'codesearch:*:allow', 'read:*:allow', 'external_directory:/data/tool-output/*:allow'],
      ],
    ],
    ['compaction', 'primary', ['*:*:deny']],
    ['title', 'primary', ['*:*:deny']],
    ['summary', 'primary', ['*:*:deny']],
  ])('%s is %s, with rules of its own', (name, mode, rules) => {
    const agent = agents.find((each) => each.name === name);
    const hidden = rules[0] === '*:*:deny' && rules.length === 1;
    expect(agent).toMatchObject({
      mode,
      native: true,
      options: {},
      ...(hidden && { hidden, prompt: expect.any(String) }),
    });
    expect(agent?.hidden ?? false).toBe(hidden);
    expect(agent?.temperature).toBe(name === 'title' ? 0.5 : undefined);
    expect(brief(agent?.permission ?? [])).toEqual([...brief(defaultRules(CONTEXT)), ...rules]);
  });

  it('stand in their order, some with a prompt of their own', () => {
    expect(agents.map(({ name }) => name)).toEqual([
      ...['build', 'plan', 'general', 'explore', 'compaction', 'title', 'summary'],
    ]);
    expect(agents.filter(({ prompt }) => prompt).map(({ name }) => name)).toEqual([
      ...['explore', 'compaction', 'title', 'summary'],
    ]);
  });
});
