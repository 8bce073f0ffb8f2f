import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TestServer } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { AcmeLogin, AcmeLoginModule } from '../../helpers/acme-login.js';
import { runCommand, type SpawnOptions } from '../../helpers/spawn-server.js';
import { until } from '../../helpers/until.js';

describe('opencode auth', () => {
  let home: string;
  beforeAll(async () => void (home = await makeFolder()));
  afterAll(() => removeFolder(home));

  const auth = (args: string[], options: SpawnOptions = {}) => runCommand(['auth', ...args], { home, ...options });
  const file = () => join(home, '.local/share/opencode/auth.json');
  const stored = async () => JSON.parse(await readFile(file(), 'utf8'));

  it('stores keys, lists them without showing them, and forgets them', async () => {
    expect(await auth(['logout', 'anthropic'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing') });
    const piped = await auth(['login', 'anthropic'], { input: ' sk-piped\n' });
    expect(piped).toMatchObject({ code: 0, stdout: '', stderr: 'Stored for anthropic: a key\n' });
    const given = await auth(['login', 'mine', '--key', 'sk-given']);
    expect([given.code, given.stderr]).toEqual([0, 'Stored for mine: a key\n']);
    expect(await stored()).toEqual({
      anthropic: { type: 'api', key: 'sk-piped' },
      mine: { type: 'api', key: 'sk-given' },
    });
    expect((await stat(file())).mode & 0o777).toBe(0o600);

    const variables = { OPENAI_API_KEY: 'sk-variable' };
    const [text, json] = await Promise.all([auth(['ls'], { variables }), auth(['list', '--json'], { variables })]);
    expect(text.stderr).toContain(`${file()}: 2 credentials\n`);
    expect(text.stdout).toMatch(/^Anthropic +anthropic +api$.*^mine +mine +api$.*^OpenAI +openai +OPENAI_API_KEY$/ms);
    expect(JSON.parse(json.stdout)).toEqual({
      path: file(),
      credentials: [
        { id: 'anthropic', name: 'Anthropic', type: 'api' },
        { id: 'mine', name: 'mine', type: 'api' },
      ],
      environment: [{ id: 'openai', name: 'OpenAI', variable: 'OPENAI_API_KEY' }],
    });
    for (const { stdout, stderr } of [piped, given, text, json]) expect(stdout + stderr).not.toContain('sk-');

    expect(await auth(['logout', 'mine'])).toMatchObject({ code: 0, stderr: 'Forgot mine\n' });
    expect(Object.keys(await stored())).toEqual(['anthropic']);
    const unknown = await auth(['logout', 'mine']);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('There are keys and logins for anthropic'),
    ]);
  });

  it('says what it needs where nobody can be asked', async () => {
    const commands = [['login', 'anthropic'], ['login'], ['logout'], ['login', 'anthropic', '--key', ' ']];
    const answers = await Promise.all(commands.map((args) => auth(args)));
    expect(answers.map(({ code, stderr }) => [code, stderr])).toEqual([
      [1, 'Give --key, or pipe the key in\n'],
      [1, 'Name the provider to log in to\n'],
      [1, 'Name the provider to log out from\n'],
      [1, 'The key is empty\n'],
    ]);
  });

  it('works where the configuration of the project is broken', async () => {
    const broken = join(home, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'opencode.json'), '{ "mdoel": 1 }');
    expect(await auth(['login', 'openai', '--key', 'k'], { cwd: broken })).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await auth(['list'], { cwd: broken });
    expect([code, stderr]).toEqual([0, expect.stringContaining('Note: the providers cannot be listed')]);
    expect(stdout).toMatch(/^openai +openai +api$/m);
    expect(await auth(['logout', 'openai'], { cwd: broken })).toMatchObject({ code: 0 });
  });

  describe('with a login', () => {
    let server: TestServer;
    let bin: string;
    beforeAll(async () => {
      server = await TestServer.start({ imports: [AcmeLoginModule] });
      bin = join(home, 'bin');
      await mkdir(bin);
      await writeFile(join(bin, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > ${home}/opened\n`);
      await chmod(join(bin, 'xdg-open'), 0o755);
    });
    afterAll(() => server.close());
    const login = (method: string, options: SpawnOptions = {}) =>
      auth(['login', 'acme', '--method', method, '--attach', server.url], {
        variables: { PATH: `${bin}:${process.env['PATH']}` },
        ...options,
      });
    const kept = async () => JSON.parse(await readFile(join(server.home, '.local/share/opencode/auth.json'), 'utf8'));

    it('opens the page and hands the code over', async () => {
      expect(await login('code', { input: 'wrong' })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('refused'),
      });
      const { code, stderr } = await login('code', { input: 'right\n' });
      expect([code, stderr]).toEqual([0, expect.stringContaining('Open https://acme.test/code\nLogged in to acme\n')]);
      // nobody waits for the browser
      const opened = () => readFile(join(home, 'opened'), 'utf8').catch(() => '');
      await until(async () => (await opened()) === 'https://acme.test/code', 'the page is opened');
      expect(await kept()).toMatchObject({ acme: { type: 'oauth', access: 'a' } });
    });

    it('forgets what the server has stored', async () => {
      expect(await login('code', { input: 'right\n' })).toMatchObject({ code: 0 });
      expect(await kept()).toHaveProperty('acme');
      const logout = (...names: string[]) => auth(['logout', ...names, '--attach', server.url]);
      expect(await logout('acme')).toMatchObject({ code: 0, stderr: 'Forgot acme\n' });
      expect(await kept()).not.toHaveProperty('acme');
      expect(await logout()).toMatchObject({ code: 1, stderr: expect.stringContaining('Name the provider') });
    });

    it('waits for the end of a login elsewhere', async () => {
      const waiting = login('wait', { variables: { PATH: join(home, 'none') } });
      const end = await server.app.get(AcmeLogin, { strict: false }).waiting.promise;
      end.resolve({ credential: { type: 'api', key: 'k' } });
      const { code, stderr } = await waiting;
      expect([code, stderr]).toEqual([
        0,
        expect.stringContaining('Open https://acme.test/auto\nNo browser could be opened here.\nLogged in to acme\n'),
      ]);
      expect(await kept()).toMatchObject({ acme: { type: 'api', key: 'k' } });
      const unknown = await login('phone');
      expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('"Code", "Wait", "Key"')]);
    });
  });

  describe('at the server at a URL', () => {
    let server: Server;
    let answer: unknown;
    let url: string;
    beforeAll(async () => {
      server = createServer(({ url: path }, response) =>
        path === '/team/.well-known/opencode' ? response.end(JSON.stringify(answer)) : response.writeHead(404).end(),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/team`;
    });
    afterAll(() => server.close());

    it('runs the program it names, with leave, and keeps the token', async () => {
      answer = { auth: { command: ['sh', '-c', 'echo Look >&2; echo " the token "'], env: 'TEAM' }, config: {} };
      const asked = await auth(['login', url]);
      expect([asked.code, asked.stderr]).toEqual([
        1,
        `${url} asks to run: sh -c "echo Look >&2; echo \\" the token \\""\nGive --yes to run it without asking\n`,
      ]);
      const { code, stdout, stderr } = await auth(['login', `${url}/`, '--yes']);
      expect([code, stdout, stderr]).toEqual([0, '', expect.stringContaining(`Look\nStored for ${url}: a login\n`)]);
      expect(await stored()).toMatchObject({ [url]: { type: 'wellknown', key: 'TEAM', token: 'the token' } });
      expect(await auth(['logout', url])).toMatchObject({ code: 0 });
    });

    it('stores nothing when that fails', async () => {
      const failing = async (reply: unknown, path = url) => {
        answer = reply;
        const { code, stderr } = await auth(['login', path, '--yes']);
        expect(code).toBe(1);
        return stderr;
      };
      expect(await failing({}, `${url}/none`)).toContain('/none/.well-known/opencode cannot be read: 404');
      expect(await failing({ auth: { command: [] } })).toContain('does not say how to log in');
      expect(await failing({ auth: { command: ['false'], env: 'T' } })).toContain('false failed with exit code 1');
      expect(await failing({ auth: { command: ['true'], env: 'T' } })).toContain('true printed no token');
      expect(await stored()).not.toHaveProperty([url]);
    });
  });
});
