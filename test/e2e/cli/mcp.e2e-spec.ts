import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryProject } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { everything } from '../../helpers/mcp-servers.js';
import { OAuthMcpServer } from '../../helpers/oauth-mcp-server.js';
import { runCommand, SpawnedServer } from '../../helpers/spawn-server.js';

describe('opencode mcp', () => {
  let home: string;
  let project: TemporaryProject;
  let oauth: OAuthMcpServer;
  beforeAll(async () => {
    home = await makeFolder();
    project = await TemporaryProject.create();
    await project.write('opencode.json', '{\n  // what I like\n  "theme": "dark"\n}\n');
    oauth = await OAuthMcpServer.start();
    // a browser that agrees to everything
    const agree = `fetch(process.argv[1]).then((answer) => answer.text())`;
    await mkdir(join(home, 'bin'));
    await writeFile(join(home, 'bin/xdg-open'), `#!/bin/sh\nexec '${process.execPath}' -e '${agree}' "$1"\n`);
    await chmod(join(home, 'bin/xdg-open'), 0o755);
  });
  afterAll(async () => {
    await oauth.close();
    await project.remove();
    await removeFolder(home);
  });

  const mcp = (...args: string[]) =>
    runCommand(['mcp', ...args], {
      home,
      cwd: project.directory,
      variables: { PATH: `${home}/bin:${process.env['PATH']}` },
    });
  const json = async (...args: string[]) => JSON.parse((await mcp(...args, '--json')).stdout);

  it('adds servers to the files, whose comments stay', async () => {
    const added = await Promise.all([
      mcp('add', 'private', '--url', oauth.url, '--header', 'X-Team: {env:TEAM}'),
      mcp('add', 'off', '-g', '--disabled', '--timeout', '900', '--env', 'A=b=c', '--', 'none-such', '-x', '--y'),
    ]);
    expect(added.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, 'Added private to the configuration of the project\n'],
      [0, 'Added off to the global configuration\n'],
    ]);
    const command = await mcp('add', 'every', '--', ...everything());
    expect(command).toMatchObject({ code: 0 });
    const text = await project.read('opencode.json');
    expect(text).toMatch(/^\{\n {2}\/\/ what I like\n {2}"theme": "dark",\n {2}"mcp": \{/);
    expect(text).toContain('"{env:TEAM}"');
    const everywhere = await readFile(join(home, '.config/opencode/opencode.jsonc'), 'utf8');
    expect(JSON.parse(everywhere).mcp).toEqual({
      off: {
        type: 'local',
        command: ['none-such', '-x', '--y'],
        environment: { A: 'b=c' },
        enabled: false,
        timeout: 900,
      },
    });

    const refused = await Promise.all([
      mcp('add', 'private', '--url', 'http://127.0.0.1:1'),
      mcp('add', 'a b', '--url', oauth.url),
      mcp('add', 'x'),
      mcp('add', 'x', '--url', 'file:///etc/passwd'),
      mcp('add', 'x', '--url', oauth.url, '--env', 'A=b'),
      mcp('add'),
    ]);
    expect(refused.map(({ code, stderr }) => [code, stderr.trim()])).toEqual([
      [1, expect.stringContaining('There is an MCP server private already')],
      [1, expect.stringContaining('A name has letters')],
      [1, expect.stringContaining('Give a name and --url')],
      [1, '--url must be an address: file:///etc/passwd'],
      [1, '--env is for commands'],
      [1, expect.stringContaining('Give a name and --url')],
    ]);
    expect(await project.read('opencode.json')).toBe(text);
  });

  it('lists them, says what is wrong, logs in and out', async () => {
    const [text, before, told] = await Promise.all([mcp('ls'), mcp('debug', 'private'), mcp('auth', 'list')]);
    expect([text.code, text.stderr]).toEqual([0, '3 servers\n']);
    expect(text.stdout).toMatch(/^⚠ private needs authentication\n {4}http:\/\/127.0.0.1:\d+\/mcp$/m);
    expect(text.stdout).toMatch(/^✓ every connected$/m);
    expect(text.stdout).toMatch(/^○ off disabled\n {4}none-such -x --y$/m);
    expect(before.code).toBe(1);
    expect(before.stdout).toMatch(/^headers +X-Team$.*^login +none$.*^answer +401 .*Bearer.*^⚠ private needs auth/ms);
    expect(told.stdout).toMatch(/^private +not logged in +http/m);

    const login = await mcp('auth');
    expect([login.code, login.stderr]).toEqual([0, expect.stringMatching(/^Open http:.*✓ private connected\n$/s)]);
    const [list, logins, after, again] = await Promise.all([
      json('list'),
      json('auth', 'list'),
      json('debug', 'private'),
      mcp('auth', 'private'),
    ]);
    expect(list).toContainEqual({ name: 'private', status: 'connected', type: 'remote', place: oauth.url });
    expect(logins).toEqual([{ name: 'private', url: oauth.url, login: 'logged-in' }]);
    expect(after).toMatchObject({ status: { status: 'connected' }, tools: ['whoami'], login: 'logged-in' });
    expect(again).toMatchObject({ code: 0, stderr: 'No login is needed.\n✓ private connected\n' });

    expect(await mcp('logout', 'private')).toMatchObject({ code: 0, stderr: 'Forgot the login at private\n' });
    const [none, unknown, misspelt] = await Promise.all([
      json('auth', 'ls'),
      mcp('logout', 'other'),
      mcp('debug', 'privat'),
    ]);
    expect(none).toMatchObject([{ login: 'none' }]);
    expect([unknown.code, unknown.stderr]).toEqual([1, 'Error: MCP server not found: other\n']);
    expect(misspelt).toMatchObject({ code: 1, stderr: expect.stringContaining('There are off, private, every') });
  });

  it('does the same at a server that runs already', async () => {
    await using server = await SpawnedServer.start([], {
      home,
      cwd: project.directory,
      variables: { PATH: process.env['PATH']!, OPENCODE_SERVER_PASSWORD: 'a password' },
    });
    const attached = (url: string, ...args: string[]) => mcp(...args, '--attach', url, '--password', 'a password');
    const at = (...args: string[]) => attached(server.url, ...args);
    const elsewhere = await attached(server.url.replace('127.0.0.1', '0.0.0.0'), 'auth', 'private');
    expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringContaining('The browser cannot come back to')]);
    const before = await at('debug', 'private');
    expect([before.code, before.stdout]).toEqual([1, expect.stringMatching(/^url +http.*⚠ private needs auth/ms)]);
    // a refusal is told at once
    oauth.denies = true;
    const refused = await at('auth', 'private');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/^The server opens the browser\.\nOpen http:.*✗ private failed: The person said <no>\n$/s),
    ]);
    oauth.denies = false;
    const login = await at('auth', 'private');
    expect([login.code, login.stderr]).toEqual([
      0,
      expect.stringMatching(/^The server .*Open http:.*✓ private connected\n$/s),
    ]);
    const [again, after] = await Promise.all([at('auth', 'private'), at('debug', 'private', '--json')]);
    expect(again).toMatchObject({ code: 0, stderr: 'The server opens the browser.\n✓ private connected\n' });
    expect(JSON.parse(after.stdout)).toMatchObject({ headers: ['X-Team'], status: { status: 'connected' } });
    expect(await at('logout', 'private')).toMatchObject({ code: 0 });
  });

  it('tells when a login is refused', async () => {
    oauth.denies = true;
    const { code, stderr } = await mcp('auth', 'private');
    expect([code, stderr]).toEqual([1, expect.stringContaining('✗ private failed: The person said <no>')]);
  });
});
