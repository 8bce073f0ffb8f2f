import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PackageInstallError } from '#libs/contract';
import { SystemEnvironment } from '../environment/system-environment.adapter.js';
import { NodeProcessRunner } from '../process/node-process-runner.adapter.js';
import { NpmPackageInstaller } from './npm-package-installer.adapter.js';

describe('NpmPackageInstaller', () => {
  let root: string;
  let installer: NpmPackageInstaller;

  /** A program in the place of npm, which does what the test of the moment needs. */
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'packages-'));
    installer = installerWith(`${join(root, 'bin')}:${process.env['PATH']}`);
    await script(`
      for last; do :; done
      echo "$PWD $*" >> ${root}/calls
      case "$last" in
        gone@*) echo "npm error code E404" >&2; echo "npm error 404 Not Found" >&2; echo "npm error A complete log of this run can be found in: x" >&2; exit 1;;
        slow@*) sleep 60;;
      esac
      name="\${last%@*}"; mkdir -p "node_modules/$name"
      echo '{"version":"1.2.3"}' > "node_modules/$name/package.json"`);
  });
  afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));

  const installerWith = (path: string) =>
    new NpmPackageInstaller(
      new SystemEnvironment({ HOME: root, XDG_CACHE_HOME: join(root, 'cache'), PATH: path }, root),
      new NodeProcessRunner(),
    );
  const script = async (text: string) => {
    await mkdir(join(root, 'bin'), { recursive: true });
    await writeFile(join(root, 'bin/npm'), `#!/bin/sh\n${text}\n`);
    await chmod(join(root, 'bin/npm'), 0o755);
  };
  const calls = async () => (await readFile(join(root, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

  it('installs a package once, without running its scripts', async () => {
    const [one, same] = await Promise.all([
      installer.install({ name: '@acme/plugin', version: '1.2.3' }),
      installer.install({ name: '@acme/plugin', version: '1.2.3' }),
    ]);
    expect(one).toBe(same);
    expect(one).toEqual({
      name: '@acme/plugin',
      version: '1.2.3',
      directory: join(root, 'cache/opencode/packages/@acme+plugin@1.2.3/node_modules/@acme/plugin'),
    });
    expect(await readFile(join(one.directory, 'package.json'), 'utf8')).toContain('1.2.3');
    await installer.install({ name: '@acme/plugin', version: '1.2.3' });
    expect(await calls()).toHaveLength(1);
    expect((await calls())[0]).toMatch(/ install --ignore-scripts .*@acme\/plugin@1\.2\.3$/);
    expect(await readdir(join(root, 'cache/opencode/packages'))).toEqual(['@acme+plugin@1.2.3']);
  });

  it('is shared with other servers that install the same at the same time', async () => {
    const path = `${join(root, 'bin')}:${process.env['PATH']}`;
    const installed = await Promise.all(
      Array.from({ length: 8 }, () => installerWith(path).install({ name: 'plain', version: '1.2.3' })),
    );
    for (const { directory } of installed)
      expect(await readFile(join(directory, 'package.json'), 'utf8')).toContain('1.2.3');
    expect(await readdir(join(root, 'cache/opencode/packages'))).toEqual(['plain@1.2.3']);
  });

  it('looks a tag up again after a day, and keeps what it has when that fails', async () => {
    const { directory } = await installer.install({ name: 'plain' });
    await installer.install({ name: 'plain' });
    expect(await calls()).toHaveLength(1);
    const home = dirname(dirname(directory));
    const old = new Date(Date.now() - 25 * 60 * 60_000);
    await utimes(home, old, old);
    await installer.install({ name: 'plain' });
    expect(await calls()).toHaveLength(2);
    await script('exit 1');
    await utimes(home, old, old);
    expect(await installer.install({ name: 'plain' })).toMatchObject({ version: '1.2.3' });
  });

  it('says what npm says', async () => {
    const failure = installer.install({ name: 'gone' });
    await expect(failure).rejects.toThrow(PackageInstallError);
    await expect(failure).rejects.toMatchObject({
      name: 'BunInstallFailedError',
      data: {
        pkg: 'gone',
        version: 'latest',
        message: expect.stringMatching(/^Cannot install gone \(latest\): 404 Not Found\nCheck/),
      },
    });
    expect(await readdir(join(root, 'cache/opencode/packages'))).toEqual([]);
  });

  it('says that there is no npm, and refuses what is no name', async () => {
    await expect(installerWith(join(root, 'empty')).install({ name: 'a' })).rejects.toThrow('there is no npm');
    for (const name of ['../up', '--global', 'a b', 'https://x', ''])
      await expect(installer.install({ name })).rejects.toThrow(/this is not the name of a package/);
    expect(await calls()).toEqual([]);
  });

  it('ends with its signal', async () => {
    const signal = AbortSignal.timeout(100);
    await expect(installer.install({ name: 'slow', signal })).rejects.toThrow('was aborted');
  });

  it('goes on for others who wait when who began it has gone', async () => {
    const first = new AbortController();
    const begun = installer.install({ name: 'slow', signal: first.signal });
    const waiting = installer.install({ name: 'slow' });
    while ((await calls()).length === 0) await delay(10);
    await script(
      `name="slow"; mkdir -p node_modules/slow; echo '{"version":"2.0.0"}' > node_modules/slow/package.json`,
    );
    first.abort();
    await expect(begun).rejects.toThrow('was aborted');
    expect(await waiting).toMatchObject({ version: '2.0.0' });
  });

  it('installs what a folder asks for', async () => {
    await mkdir(join(root, 'folder'));
    await installer.installFolder(join(root, 'folder'));
    expect(await calls()).toEqual([expect.stringMatching(/\/folder install --ignore-scripts/)]);
  });
});
