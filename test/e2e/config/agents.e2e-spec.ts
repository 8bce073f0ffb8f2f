import { TemporaryProject, type TemporaryProjectOptions, TestServer } from '../../../src/testing.js';

type Rule = { permission: string; pattern: string; action: string };
type AgentView = { name: string; permission: Rule[] } & Record<string, unknown>;

describe('agents', () => {
  let server: TestServer;
  let project: TemporaryProject;
  beforeAll(async () => {
    server = await TestServer.start({ globalConfig: { permission: { bash: { 'ls *': 'allow', '*': 'ask' } } } });
  });
  afterEach(() => project.remove());
  afterAll(() => server.close());

  async function open(options: TemporaryProjectOptions): Promise<(path: string) => Promise<AgentView[]>> {
    project = await TemporaryProject.create(options);
    return async (path) => (await server.request(path, { directory: project.directory })).body;
  }
  const brief = ({ permission }: AgentView, from: number) =>
    permission.slice(from).map((rule) => `${rule.permission} ${rule.pattern} ${rule.action}`);

  it('are the built-in ones with what files change and add, the default one first', async () => {
    const get = await open({
      config: {
        default_agent: 'zed',
        tools: { bash: false, patch: true },
        agent: {
          zed: {
            mode: 'primary',
            tools: { write: false, read: true },
            permission: { edit: 'ask' },
            foo: 1,
            maxSteps: 4,
          },
          general: { disable: true },
          plan: { permission: 'ask', temperature: 0.3, color: 'accent', options: { k: 1 } },
          explore: { model: 'a/b/c', variant: 'v', top_p: 0.5, hidden: true },
        },
        mode: { old: { prompt: 'p' } },
      },
      files: {
        '.opencode/agent/mine.md': '---\ndescription: a: b: c\nmode: subagent\nextra: 7\n---\n\n  The body\n',
        '.opencode/agents/nested/inner.md': '---\npermission:\n  edit: deny\n---\nx',
        '.opencode/agents/nested/other.md': '---\nname: renamed\n---\nx',
        '.opencode/modes/zed.md': '---\nsteps: 3\n---\nMode',
        '.opencode/mode/wrong.md': '---\nsteps: many\n---\nx',
        '.opencode/mode/deep/not.md': 'x',
      },
    });
    const agents = await get('/agent');
    const named = (name: string) => agents.find((agent) => agent.name === name)!;
    expect(agents.map(({ name }) => name)).toEqual([
      ...['zed', 'build', 'plan', 'explore', 'compaction', 'title', 'summary'],
      ...['mine', 'nested/inner', 'renamed', 'old'],
    ]);
    expect(named('zed')).toMatchObject({
      mode: 'primary',
      native: false,
      prompt: 'Mode',
      steps: 3,
      options: { foo: 1 },
    });
    // the default rules, those of the configuration, its own, and the saved outputs last
    const user = ['bash ls * allow', 'bash * ask', 'edit * allow'];
    const outputs = `external_directory ${server.home}/.local/share/opencode/tool-output/* allow`;
    const own = named('zed').permission.findIndex(({ pattern }) => pattern === 'ls *');
    expect(brief(named('zed'), own)).toEqual([...user, 'edit * ask', 'read * allow', outputs]);
    expect(brief(named('plan'), named('plan').permission.length - 5)).toEqual([...user, '* * ask', outputs]);
    expect(named('plan')).toMatchObject({ native: true, temperature: 0.3, color: 'accent', options: { k: 1 } });
    expect(named('explore')).toMatchObject({
      ...{ model: { providerID: 'a', modelID: 'b/c' }, variant: 'v', topP: 0.5, hidden: true, mode: 'subagent' },
    });
    expect(named('mine')).toMatchObject({
      ...{ description: 'a: b: c', mode: 'subagent', options: { extra: 7 }, prompt: 'The body' },
    });
    expect(named('nested/inner')).toMatchObject({ mode: 'all', prompt: 'x' });
    expect(brief(named('nested/inner'), named('nested/inner').permission.length - 2)).toEqual(['edit * deny', outputs]);
    expect(named('old')).toMatchObject({ mode: 'primary', prompt: 'p' });
  });

  it.each([
    ['nobody', {}, 'default agent "nobody" not found'],
    ['explore', {}, 'default agent "explore" is a subagent'],
    ['ghost', { ghost: { hidden: true } }, 'default agent "ghost" is hidden'],
    ['build', { build: { disable: true } }, 'default agent "build" not found'],
  ])('cannot be the default when that makes no sense: %s', async (name, agent, message) => {
    await open({ config: { default_agent: name, agent } });
    const { directory } = project;
    const { id } = (await server.request('/session', { directory, json: {} })).body;
    const json = { parts: [{ type: 'text', text: 'Hi' }] };
    const { status, body } = await server.request(`/session/${id}/message`, { directory, json });
    expect([status, body.data.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it('in files say what is wrong with them', async () => {
    const get = await open({ files: { '.opencode/agent/bad.md': '---\nmode: all\ntemperature: hot\n---\nx' } });
    expect(await get('/agent')).toMatchObject({
      name: 'ConfigInvalidError',
      data: {
        path: project.path('.opencode/agent/bad.md'),
        issues: [{ path: ['temperature'], code: 'invalid_type', expected: 'number', line: 3 }],
      },
    });
    await project.write('.opencode/agent/bad.md', '---\nprompt: "x\n---\nx');
    const events = await server.events({ directory: project.directory });
    expect((await get('/agent')).map(({ name }) => name)).not.toContain('bad');
    const { properties } = await events.next('session.error');
    expect(properties['error'].data.message).toContain(
      `The agent ${project.path('.opencode/agent/bad.md')} is left out`,
    );
  });
});
