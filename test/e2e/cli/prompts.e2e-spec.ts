import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Gate, reply, ScriptedModel, TemporaryProject } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { runCommand } from '../../helpers/spawn-server.js';
import { KEYS, TerminalCommand } from '../../helpers/terminal-command.js';

const { enter, down, escape, interrupt } = KEYS;

describe('in a terminal', () => {
  let home: string;
  let project: TemporaryProject;
  let model: ScriptedModel;
  beforeAll(async () => {
    home = await makeFolder();
    model = await ScriptedModel.start();
    project = await TemporaryProject.create({ model });
  });
  afterAll(async () => {
    await model.close();
    await project.remove();
    await removeFolder(home);
  });
  const opencode = (...args: string[]) => TerminalCommand.start(args, { home, cwd: project.directory });
  const stored = async () =>
    JSON.parse(await readFile(join(home, '.local/share/opencode/auth.json'), 'utf8').catch(() => '{}'));

  it('auth login finds the provider and takes the key unseen; auth logout forgets what is chosen', async () => {
    await using left = await opencode('auth', 'login');
    await using login = await opencode('auth', 'login');
    await left.at(/Which provider\?/, interrupt);
    expect(await left.ended).toBe(1);
    expect(await stored()).toEqual({});
    await login.at(/Which provider\?/, 'openro');
    await login.at(/OpenRouter[^]*openrouter/, enter);
    await login.at(/API key of openrouter/, 'sk-typed', enter);
    await login.at(/Stored for openrouter: a key/);
    expect(await login.ended).toBe(0);
    expect(login.shown).not.toContain('sk-typed');
    expect(await stored()).toEqual({ openrouter: { type: 'api', key: 'sk-typed' } });

    await using kept = await opencode('auth', 'logout');
    await using logout = await opencode('auth', 'logout');
    await kept.at(/Which one\?[^]*openrouter/, escape);
    expect(await kept.ended).toBe(1);
    expect(await stored()).toHaveProperty('openrouter');
    await logout.at(/Which one\?[^]*openrouter/, enter);
    await logout.at(/Forgot openrouter/);
    expect(await logout.ended).toBe(0);
    expect(await stored()).toEqual({});
  });

  it('mcp add asks what the server is and where it belongs', async () => {
    await using add = await opencode('mcp', 'add');
    await using left = await opencode('mcp', 'add');
    await add.at(/Name of the server/, 'files', enter);
    await add.at(/What is it\?[^]*A command/, enter);
    await add.at(/Command/, `node "my server.js" --root '.'`, enter);
    await add.at(/For which projects\?[^]*This project/, down, enter);
    await add.at(/Added files to the global configuration/);
    expect(await add.ended).toBe(0);
    const file = join(home, '.config/opencode/opencode.jsonc');
    const written = await readFile(file, 'utf8');
    expect(JSON.parse(written).mcp).toEqual({
      files: { type: 'local', command: ['node', 'my server.js', '--root', '.'] },
    });

    // also at the last question
    await left.at(/Name of the server/, 'other', enter);
    await left.at(/What is it\?[^]*A command/, down, enter);
    await left.at(/URL/, 'https://mcp.example.com', enter);
    await left.at(/For which projects\?[^]*This project/, interrupt);
    expect(await left.ended).toBe(1);
    expect(await readFile(file, 'utf8')).toBe(written);
    expect(await project.read('opencode.json')).not.toContain('mcp.example.com');
  });

  it('agent create asks what the agent is to do', async () => {
    const draft = { identifier: 'release-writer', whenToUse: 'For releases.', prompt: 'You write.' };
    const gate = new Gate();
    model.push(reply().wait(gate).tool('StructuredOutput', draft));
    await using create = await opencode('agent', 'create');
    await using left = await opencode('agent', 'create', '--description', 'writes');
    await create.at(/What is the agent to do\?/, enter);
    await create.at(/Required/, 'writes notes', enter);
    await create.at(/How can it be used\?[^]*primary/, down, enter);
    // long work shows that it goes on
    await create.at(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] \d+ s/);
    gate.open();
    await create.at(/agent\/release-writer\.md/);
    expect(await create.ended).toBe(0);
    expect(await project.read('.opencode/agent/release-writer.md')).toContain('mode: primary');

    await left.at(/How can it be used\?/, escape);
    expect(await left.ended).toBe(1);
  });

  it('export lets one choose the session', async () => {
    model.push(reply().text('Hello.'));
    await runCommand(['run', '--title', 'A talk', 'hello'], { home, cwd: project.directory });
    await using kept = await opencode('export');
    await using left = await opencode('export');
    await kept.at(/Which session\?[^]*A talk/, enter);
    await kept.at(/"messages"/);
    expect(await kept.ended).toBe(0);
    await left.at(/Which session\?/, interrupt);
    expect(await left.ended).toBe(1);
    expect(left.shown).not.toContain('"messages"');
  });
});
