import { rm } from 'node:fs/promises';
import { plain, reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { runCommand } from '../../helpers/spawn-server.js';

describe('opencode run', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let home: string;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    home = await makeFolder();
    project = await TemporaryProject.create({
      model,
      git: true,
      files: { 'a.txt': 'hello\n' },
      config: { permission: { bash: { '*': 'allow', 'rm *': 'ask' } } },
    });
  });
  afterEach(() => model.clear());
  afterAll(async () => {
    await model.close();
    await project.remove();
    await removeFolder(home);
  });

  const opencode = (...args: string[]) => runCommand(args, { home, cwd: project.directory });
  const lastUser = () => {
    const messages = model.requests.at(-1)!.body.messages.filter(({ role }) => role === 'user');
    return plain(messages.at(-1)!.content);
  };

  it('prints the answer on stdout, and what else happens on stderr', async () => {
    model.push(reply().tool('read', { filePath: project.path('a.txt') }), reply().text('It says ', 'hello.'));
    const { code, stdout, stderr } = await opencode('run', 'What does', 'a.txt say?');
    expect([code, stdout]).toEqual([0, 'It says hello.\n']);
    expect(stderr).toBe('> build · test\n\n→ Read a.txt\n');
    expect(lastUser()).toContain('What does a.txt say?');
  });

  it('prints events as lines of JSON', async () => {
    model.push(
      reply().text('Look.').tool('bash', { command: 'echo ran', description: 'echoes' }),
      reply().reasoning('Hm.').text('Done.'),
    );
    const { code, stdout } = await opencode('run', '--format', 'json', '--thinking', 'Run it');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([code, lines.map(({ type }) => type)]).toEqual([
      0,
      'step_start text tool_use step_finish step_start reasoning text step_finish'.split(' '),
    ]);
    expect(new Set(lines.map(({ sessionID }) => sessionID)).size).toBe(1);
    expect(lines[2]).toMatchObject({
      timestamp: expect.any(Number),
      part: { tool: 'bash', state: { status: 'completed', output: 'ran\n' } },
    });
  });

  it('fails when the model fails, and says why', async () => {
    model.push(reply().fail(401, 'this key is wrong'));
    const { code, stdout, stderr } = await opencode('run', 'Hello');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Error: this key is wrong');
    expect(await opencode('run', '-m', 'scripted/tst', 'Hello')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Error: Model not found: scripted\/tst\. Did you mean: test\?$/m),
    });
  });

  it('says what is wrong with a configuration', async () => {
    await using broken = await TemporaryProject.create({ files: { 'opencode.jsonc': '{\n  "modle": "a/b"\n}' } });
    const { code, stderr } = await runCommand(['run', 'Hello'], { home, cwd: broken.directory });
    expect([code, stderr]).toEqual([
      1,
      `Error: Configuration is invalid at ${broken.path('opencode.jsonc')}\n` +
        '↳ Unrecognized key: "modle". Did you mean "model"? (line 2)\n',
    ]);
  });

  it('says nothing of how plugins are written', async () => {
    const files = { '.opencode/plugin/p.js': 'export const P = async () => ({});' };
    await using plugged = await TemporaryProject.create({ files });
    const { code, stderr } = await runCommand(['agent', 'list'], { home, cwd: plugged.directory });
    expect([code, stderr]).toEqual([0, '']);
  });

  it('rejects what it would have to ask', async () => {
    model.push(reply().tool('bash', { command: 'rm -f a.txt', description: 'removes' }));
    const { code, stderr } = await opencode('run', 'Remove it');
    expect(code).toBe(0);
    expect(stderr).toContain('! permission requested: bash (rm -f a.txt); auto-rejecting');
    expect(await project.read('a.txt')).toBe('hello\n');
  });

  it('goes on with a session, or with a copy of it', async () => {
    model.push(reply().text('One.'), reply().text('Two.'), reply().text('Three.'));
    await opencode('run', '--title', 'Counting', 'one');
    expect((await opencode('run', '--continue', 'two')).stdout).toBe('Two.\n');
    expect((await opencode('run', '--continue', '--fork', 'three')).stdout).toBe('Three.\n');
    const { stdout } = await opencode('session', 'list', '--format', 'json');
    const sessions = JSON.parse(stdout) as { title: string }[];
    expect(sessions.slice(0, 2).map(({ title }) => title)).toEqual(['Counting (fork #1)', 'Counting']);
    expect(model.requests.at(-1)!.body.messages.filter(({ role }) => role === 'user')).toHaveLength(3);
  });

  it('attaches to a server with a password, and sends files and commands there', async () => {
    await using server = await TestServer.start({ credentials: { username: 'opencode', password: 'sesame' } });
    const attached = (...args: string[]) =>
      opencode('run', '--attach', server.url, '--password', 'sesame', '--dir', project.directory, ...args);
    model.push(reply().text('Seen.'), reply().text('Reviewed.'));
    expect(await attached('What is this?', '--file', project.path('a.txt'))).toMatchObject({
      code: 0,
      stdout: 'Seen.\n',
    });
    expect(JSON.stringify(model.requests.at(-1)!.body.messages)).toContain('1: hello');
    await project.write('.opencode/command/greet.md', 'Greet $ARGUMENTS');
    const { body } = await server.request('/session', {
      headers: { authorization: `Basic ${btoa('opencode:sesame')}` },
      directory: project.directory,
    });
    expect(body).toHaveLength(1);
    expect(await opencode('run', '--attach', server.url, '--password', 'wrong', 'Hello')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('wants a password'),
    });
  });

  it('says what it does without: an agent nobody knows, a place to share at', async () => {
    await using server = await TestServer.start();
    model.push(
      reply().tool('bash', { command: 'echo "$AGENT $OPENCODE"', description: 'looks' }),
      reply().text('Done.'),
    );
    const options = ['--agent', 'nobody', '--variant', 'high', '--share', '--attach', server.url];
    const { code, stdout, stderr } = await opencode('run', 'Look', ...options);
    expect([code, stdout]).toEqual([0, 'Done.\n']);
    expect(stderr).toContain('! not shared: No share service');
    expect(stderr).toContain('! agent "nobody" not found; the default agent answers');
    // programs can tell that an agent runs them
    expect(stderr).toContain('\n1 1\n');
    const { directory } = project;
    const [{ id }] = (await server.request('/session', { directory })).body;
    const [{ info }] = (await server.request(`/session/${id}/message`, { directory })).body;
    expect(info).toMatchObject({ agent: 'build', variant: 'high' });
  });

  it('runs a slash command', async () => {
    await project.write('.opencode/command/greet.md', 'Greet $ARGUMENTS warmly.');
    model.push(reply().text('Hello, wide world.'));
    expect(await opencode('run', '--command', 'greet', 'wide', 'world')).toMatchObject({
      code: 0,
      stdout: 'Hello, wide world.\n',
    });
    expect(lastUser()).toBe('Greet wide world warmly.');
  });

  it('ends although a plugin has left something open', async () => {
    const plugin = 'setInterval(() => undefined, 60_000);\nexport const Clock = async () => ({});\n';
    await project.write('.opencode/plugin/clock.js', plugin);
    model.push(reply().text('Done.'));
    expect(await opencode('run', 'Hello')).toMatchObject({ code: 0, stdout: 'Done.\n' });
    await rm(project.path('.opencode/plugin/clock.js'));
  });

  it.each([
    [[], 'You must provide a message or a command'],
    [['--fork', 'hi'], '--fork needs --continue or --session'],
    [['hi', '--file', 'none.txt'], 'File not found: none.txt'],
    [['hi', '--session', 'ses_unknown'], 'Session not found: ses_unknown'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await opencode('run', ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
