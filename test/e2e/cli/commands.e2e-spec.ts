import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { plain, reply, ScriptedModel, TemporaryProject } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { runCommand } from '../../helpers/spawn-server.js';

const execute = promisify(execFile);

describe('opencode', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let home: string;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    home = await makeFolder();
    project = await TemporaryProject.create({ model, git: true, files: { 'a.txt': 'hello\n' } });
    model.push(reply().tool('read', { filePath: project.path('a.txt') }), reply().text('It says hello.'));
    expect(await opencode('run', '--title', 'Reading', 'What does a.txt say?')).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await model.close();
    await project.remove();
    await removeFolder(home);
  });

  const opencode = (...args: string[]) => runCommand(args, { home, cwd: project.directory });
  const answer = async (...args: string[]) => {
    const { code, stdout, stderr } = await opencode(...args);
    if (code !== 0) throw new Error(`opencode ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  const json = async (...args: string[]) => JSON.parse(await answer(...args));

  it('lists the commands of a group, and helps with each', async () => {
    const { code, stdout, stderr } = await opencode('session');
    expect([code, stderr]).toEqual([1, 'Name a command of session\n']);
    expect(stdout).toMatch(/^Usage: opencode session <command>.*session list .*session delete /s);
    expect(await answer('session', 'list', '--help')).toMatch(
      /^Usage: opencode session list \[options\].*--max-count/s,
    );
  });

  it('lists models', async () => {
    expect(await answer('models', 'scripted')).toBe('scripted/test\n');
    expect(await json('models', 'scripted', '--json')).toMatchObject([{ id: 'test', providerID: 'scripted' }]);
    expect(await opencode('models', 'none')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Provider not found: none\. Connected are .*scripted/),
    });
  });

  it('moves a session to another place and back', async () => {
    const [session] = await json('session', 'list', '--json');
    expect(session).toMatchObject({ title: 'Reading', directory: project.directory });
    const file = join(home, 'exported.json');
    const text = await answer('export', session.id);
    await writeFile(file, text);
    expect(JSON.parse(text)).toMatchObject({
      info: { id: session.id },
      messages: [{ info: { role: 'user' } }, { info: { role: 'assistant' } }, { info: { role: 'assistant' } }],
    });

    const again = await opencode('import', file);
    expect([again.code, again.stderr]).toEqual([1, `Error: Session ${session.id} is here already\n`]);
    await answer('session', 'delete', session.id);
    expect(await answer('session', 'list')).toBe('');

    await using elsewhere = await TemporaryProject.create();
    const server = createServer((_request, response) => void readFile(file).then((content) => response.end(content)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/session.json`;
    expect(await answer('import', url, '--dir', elsewhere.directory)).toBe(`Imported session: ${session.id}\n`);
    server.close();
    const moved = JSON.parse(await answer('export', session.id));
    expect(moved.info).toMatchObject({ title: 'Reading', directory: elsewhere.directory, projectID: 'global' });
    expect(moved.messages).toEqual(JSON.parse(text).messages);
  });

  it('refuses what is no session, and stores nothing of it', async () => {
    const file = join(home, 'broken.json');
    await writeFile(file, JSON.stringify({ info: { id: 'ses_broken' }, messages: [] }));
    expect(await opencode('import', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('expected string'),
    });
    expect(await opencode('import', project.path('a.txt'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is no JSON'),
    });
    expect(await opencode('import', 'none.json')).toMatchObject({
      code: 1,
      stderr: 'Error: File not found: none.json\n',
    });
  });

  it('adds up what was used', async () => {
    expect(await json('stats', '--json')).toMatchObject({
      sessions: 1,
      messages: 3,
      days: 1,
      models: { 'scripted/test': { messages: 2 } },
      tools: { read: 1 },
    });
    expect(await json('stats', '--json', '--project', '')).toMatchObject({ sessions: 0 });
    const [all, none, wrong] = await Promise.all([
      answer('stats', '--models'),
      answer('stats', '--models', '0'),
      opencode('stats', 'five'),
    ]);
    expect(all).toMatch(/^Sessions +1$.*^scripted\/test +2 .*^read +1 +█+ 100\.0 %$/ms);
    expect(none).not.toContain('scripted/test');
    expect(wrong).toMatchObject({ code: 1, stderr: 'Unknown argument: five\n' });
    expect(await opencode('stats', '--days', 'many')).toMatchObject({
      code: 1,
      stderr: '--days must be a whole number; given: many\n',
    });
  });

  it('answers questions about itself', async () => {
    expect(await json('debug', 'config')).toMatchObject({ model: 'scripted/test' });
    expect(await json('debug', 'agent', 'explore')).toMatchObject({ tools: { read: true, edit: false } });
    expect(await answer('debug', 'paths')).toContain(`data    ${home}`);
    const path = (await answer('db', 'path')).trim();
    expect(await answer('db', 'query', 'select count(*) as messages from message')).toBe('messages\n3\n');
    expect(await answer('db', 'select 1 as one', '--format', 'json')).toBe('[\n  {\n    "one": 1\n  }\n]\n');
    expect((await opencode('db', 'query', 'delete from message')).code).toBe(1);
    expect(path).toBe(join(home, '.local/share/opencode/opencode-nest.db'));
    expect(await json('generate')).toMatchObject({
      info: { version: '1.0.0' },
      paths: {
        '/session': {
          get: { 'x-codeSamples': [{ lang: 'js', source: expect.stringContaining('client.session.list(') }] },
        },
      },
    });
    const [projects, skills, verbose] = await Promise.all([
      json('debug', 'scrap'),
      json('debug', 'skill'),
      answer('models', 'scripted', '--verbose'),
    ]);
    expect(projects).toContainEqual(expect.objectContaining({ worktree: project.directory }));
    expect(skills).toEqual([]);
    expect(verbose).toMatch(/^scripted\/test\n\{\n {2}"id": "test",.*\}\n$/s);
  });

  it('tells of a usage that makes no sense, and writes its log where it is told to', async () => {
    const [option, choice, word, logs] = await Promise.all([
      opencode('models', '--colour'),
      opencode('run', '--format', 'xml', 'hi'),
      opencode('agent', 'list', 'all'),
      opencode('session', 'list', '--print-logs', '--log-level', 'DEBUG'),
    ]);
    expect([option, choice, word].map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(option.stderr).toContain("'--colour'");
    expect(option.stdout).toMatch(/^Usage: opencode models \[provider\]/);
    expect(choice.stderr).toBe('--format must be one of default, json; given: xml\n');
    expect(word).toMatchObject({
      stderr: 'Unknown argument: all\n',
      stdout: expect.stringMatching(/^Usage: opencode a/),
    });
    expect(logs).toMatchObject({ code: 0, stderr: expect.stringMatching(/^(DEBUG|INFO) .*/m) });
  });

  it('writes an agent', async () => {
    const draft = {
      identifier: 'release-writer',
      whenToUse: 'Use it to write release notes: "what is new".',
      prompt: 'You write release notes.',
    };
    model.push(reply().tool('StructuredOutput', draft), reply().tool('StructuredOutput', draft));
    const args = ['--description', 'writes release notes', '--mode', 'subagent', '--tools', 'read,grep'];
    const file = (await answer('agent', 'create', ...args)).trim();
    expect(file).toBe(project.path('.opencode/agent/release-writer.md'));
    expect(plain(model.requests.at(-1)!.body.messages.at(-1)!.content)).toContain('writes release notes');
    const agents = await json('agent', 'list', '--json');
    const agent = agents.find(({ name }: { name: string }) => name === 'release-writer');
    expect(agent).toMatchObject({
      mode: 'subagent',
      description: 'Use it to write release notes: "what is new".',
      prompt: 'You write release notes.',
    });
    expect(agent.permission).toContainEqual({ permission: 'bash', pattern: '*', action: 'deny' });
    expect(await opencode('agent', 'create', ...args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Agent file already exists: ${file}`),
    });
    expect(await json('session', 'list', '--json')).toEqual([]);
    expect(await opencode('agent', 'create')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--description'),
    });
  });

  it('completes its commands in a shell', async () => {
    const script = join(home, 'completion.bash');
    await writeFile(script, await answer('completion', 'bash'));
    const complete = async (...words: string[]) => {
      const set = `COMP_WORDS=(opencode ${words.join(' ')} ''); COMP_CWORD=${words.length}`;
      const { stdout } = await execute('bash', ['-c', `. "$0"; ${set}; _opencode; echo "\${COMPREPLY[@]}"`, script]);
      return stdout.trim().split(' ');
    };
    expect(await complete('ser')).toEqual(['serve']);
    expect(await complete('session', 'd')).toEqual(['delete']);
    expect(await complete('session', 'list', '--max')).toEqual(['--max-count']);
  });
});
