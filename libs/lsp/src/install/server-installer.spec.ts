import { arch, platform } from 'node:os';
import { chmod, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LspService } from '../lsp.service.js';
import { BUILT_IN_SERVERS } from '../server/built-in-servers.js';
import { type Packed, tarGz, zip } from '../testing/archives.fixture.js';
import { LspWorld } from '../testing/lsp-world.fixture.js';
import { Mirror, sha256 } from '../testing/mirror.fixture.js';
import { ServerInstaller } from './server-installer.service.js';

const forever = new AbortController().signal;
const CLANGD = `clangd-${platform() === 'darwin' ? 'mac' : 'linux'}-20.1.8.zip`;

let mirror: Mirror;
const worlds: LspWorld[] = [];
beforeEach(async () => (mirror = await Mirror.start()));
afterEach(async () => {
  // servers of later ones write into the folder of the first
  for (const world of worlds.splice(0).reverse()) await world.close();
  await mirror.close();
});

/** A world that has no programs but those of `programs`, and may fetch others from the mirror. */
async function open(variables: Record<string, string> = {}): Promise<LspWorld> {
  const world = await LspWorld.create(undefined, {
    OPENCODE_DISABLE_LSP_DOWNLOAD: '0',
    OPENCODE_LSP_MIRROR: mirror.url,
    ...variables,
  });
  world.variables['PATH'] = join(world.root, 'programs');
  worlds.push(world);
  return world;
}

/** For another world with the same data folder. */
const sharing = ({ root }: LspWorld) => ({ XDG_DATA_HOME: join(root, 'home/.local/share') });

/** A shell script that turns into the fake server, and notes its arguments. */
const serverScript = (world: LspWorld, before = '') => {
  const command = world.fake.map((word) => `'${word}'`).join(' ');
  return `#!/bin/sh\n${before}\necho "$@" >> ${world.root}/args\nexec ${command}\n`;
};
const program = async (world: LspWorld, name: string, script: string) => {
  await mkdir(join(world.root, 'programs'), { recursive: true });
  const path = join(world.root, 'programs', name);
  await writeFile(path, script, { mode: 0o755 });
  await chmod(path, 0o755);
};
const servers = (world: LspWorld, name = '') => join(world.root, 'home/.local/share/opencode/bin/servers', name);
const args = (world: LspWorld) => readFile(join(world.root, 'args'), 'utf8');
const check = async (world: LspWorld, name: string) => {
  const file = await world.write(name, 'BAD');
  return (await world.module.get(LspService).check(world.instance, [file], forever)).ofFile(file);
};
const clangd = (world: LspWorld): Packed[] => [
  { name: 'clangd_20.1.8/lib/clang/20/include/x.h', content: 'int x;' },
  { name: 'clangd_20.1.8/bin/clangd', content: serverScript(world), mode: 0o755 },
];
const failure = async (world: LspWorld, id: string): Promise<string> => {
  const server = BUILT_IN_SERVERS.find((each) => each.id === id)!;
  const place = {
    root: world.path(''),
    directory: world.path(''),
    top: world.path(''),
    environment: world.environment,
  };
  return world.module
    .get(ServerInstaller)
    .obtain(server, place, forever)
    .then(
      () => 'nothing',
      (error: Error) => error.message,
    );
};

describe('a server that is published for download', () => {
  it('is fetched once, and starts', async () => {
    const world = await open();
    const archive = zip(clangd(world));
    mirror.serveGitHub('clangd/clangd', '20.1.8', { [CLANGD]: archive });
    expect(await check(world, 'a.c')).toContain('ERROR [1:1] BAD found');
    expect(await args(world)).toBe('--background-index --clang-tidy\n');
    const record = JSON.parse(await readFile(join(servers(world, 'clangd'), 'installed.json'), 'utf8')) as object;
    expect(record).toEqual({
      version: '20.1.8',
      url: `https://github.com/clangd/clangd/releases/download/20.1.8/${CLANGD}`,
      sha256: sha256(archive),
      program: 'content/clangd_20.1.8/bin/clangd',
      folder: expect.stringMatching(/^content-/),
    });
    const { requests } = mirror;
    expect(requests).toHaveLength(2);
    const later = await open({ ...sharing(world), OPENCODE_DISABLE_LSP_DOWNLOAD: '1' });
    expect(await check(later, 'b.c')).toContain('BAD found');
    expect(requests).toHaveLength(2);
    expect((await readdir(servers(world, 'clangd'))).sort()).toEqual([
      (record as { folder: string }).folder,
      'installed.json',
    ]);
  });

  it('is not taken when it is not what was published, and tried again later', async () => {
    const world = await open();
    mirror.serveGitHub('clangd/clangd', '20.1.8', { [CLANGD]: zip(clangd(world)) });
    mirror.serve(`github.com/clangd/clangd/releases/download/20.1.8/${CLANGD}`, zip([{ name: 'evil', content: 'x' }]));
    expect(await check(world, 'a.c')).toBe('');
    expect(await failure(world, 'clangd')).toMatch(
      /^clangd was found neither in the project nor in PATH, and was not installed: what https:.* is not what was published: its SHA-256 is \w+, not \w+; install clangd, a part of LLVM \(https:.*\)$/,
    );
    expect(await readdir(servers(world, 'clangd'))).toEqual([]);
    const asked = mirror.requests.length;
    await check(world, 'a.c');
    expect(mirror.requests).toHaveLength(asked);
    mirror.serveGitHub('clangd/clangd', '20.1.9', { [CLANGD]: zip(clangd(world)) });
    world.clock.ahead = 300_001;
    expect(await check(world, 'a.c')).toContain('BAD found');
  });

  it('is fetched by one of two applications that share a data folder', async () => {
    const one = await open();
    const two = await open(sharing(one));
    mirror.serveGitHub('clangd/clangd', '20.1.8', { [CLANGD]: zip(clangd(one)) });
    const [first, second] = await Promise.all([check(one, 'a.c'), check(two, 'a.c')]);
    expect([first, second]).toEqual([expect.stringContaining('BAD'), expect.stringContaining('BAD')]);
    expect(mirror.requests.filter((address) => address.endsWith('.zip'))).toHaveLength(1);
  });

  it('is fetched although one that was killed had begun to', async () => {
    const world = await open();
    mirror.serveGitHub('clangd/clangd', '20.1.8', { [CLANGD]: zip(clangd(world)) });
    await mkdir(servers(world, 'clangd/content-half'), { recursive: true });
    await writeFile(servers(world, 'clangd/lock'), '');
    const old = new Date(Date.now() - 120_000);
    await utimes(servers(world, 'clangd/lock'), old, old);
    expect(await check(world, 'a.c')).toContain('BAD found');
    expect(await readdir(servers(world, 'clangd'))).not.toContain('content-half');
  });

  it('holds nobody up when its site never answers', async () => {
    const world = await open();
    const asked = new Promise<void>((resolve) =>
      mirror.serve('api.github.com/repos/clangd/clangd/releases/latest', () => resolve()),
    );
    const file = await world.write('a.c', 'BAD');
    const controller = new AbortController();
    const report = world.module.get(LspService).check(world.instance, [file], controller.signal);
    await asked;
    controller.abort();
    expect((await report).all).toEqual({});
    // the ten seconds that callers wait for a start have passed
    world.clock.ahead = 10_001;
    expect((await world.module.get(LspService).check(world.instance, [file], forever)).all).toEqual({});
    // and the application ends all the same
    await worlds.pop()!.close();
    expect(await readdir(world.root).catch(() => [])).toEqual([]);
  });

  it('is not fetched when that is forbidden', async () => {
    const world = await open({ OPENCODE_DISABLE_LSP_DOWNLOAD: 'true' });
    await program(world, 'go', '#!/bin/sh\ntouch "$GOBIN/gopls"');
    expect([await check(world, 'a.c'), await check(world, 'a.go')]).toEqual(['', '']);
    expect(await failure(world, 'clangd')).toBe(
      'clangd was found neither in the project nor in PATH; ' +
        'install clangd, a part of LLVM (https://clangd.llvm.org/installation)',
    );
    expect(mirror.requests).toEqual([]);
    expect(await readdir(servers(world)).catch(() => [])).toEqual([]);
  });

  it('is the one that opencode has put into its data folder', async () => {
    const world = await open({ OPENCODE_DISABLE_LSP_DOWNLOAD: '1' });
    await mkdir(servers(world, '..'), { recursive: true });
    await writeFile(servers(world, '../texlab'), serverScript(world), { mode: 0o755 });
    expect(await check(world, 'a.tex')).toContain('BAD found');
  });
});

describe('a server that needs a program', () => {
  it('is not fetched without that', async () => {
    const world = await open();
    expect(await failure(world, 'zls')).toContain('was not installed: it needs zig, which is not in PATH; install zls');
    expect(await failure(world, 'elixir-ls')).toContain('it needs elixir, which is not in PATH');
    await program(world, 'java', `#!/bin/sh\necho 'openjdk version "17.0.9" 2023-10-17' >&2`);
    expect(await failure(world, 'jdtls')).toContain(`it needs java 21 or newer; ${world.root}/programs/java is 17.0.9`);
    await program(world, 'java', '#!/bin/sh\necho hello');
    expect(await failure(world, 'jdtls')).toContain('programs/java does not tell its version');
    expect(mirror.requests).toEqual([]);
  });

  it('is the one for its version', async () => {
    const world = await open();
    const publish = async (zig: string, zls: string) => {
      await program(world, 'zig', `#!/bin/sh\necho ${zig}`);
      const archive = await tarGz([{ name: 'zls', content: serverScript(world, `echo ${zls} >> ${world.root}/args`) }]);
      const build = { tarball: `https://builds.zigtools.org/zls-${zls}.tar.gz`, shasum: sha256(archive), size: '1' };
      mirror.serve(`builds.zigtools.org/zls-${zls}.tar.gz`, archive);
      mirror.serve(
        `releases.zigtools.org/v1/zls/select-version?zig_version=${zig}&compatibility=only-runtime`,
        Object.fromEntries([
          ['version', zls],
          ...['x86_64', 'aarch64'].flatMap((cpu) => ['linux', 'macos'].map((os) => [`${cpu}-${os}`, build])),
        ]) as object,
      );
    };
    await publish('0.14.1', '0.14.0');
    expect(await check(world, 'a.zig')).toContain('BAD found');
    await publish('0.15.2', '0.15.1');
    const later = await open(sharing(world));
    later.variables['PATH'] = world.variables['PATH']!;
    expect(await check(later, 'a.zig')).toContain('BAD found');
    expect(await args(world)).toBe('0.14.0\n\n0.15.1\n\n');
    expect((await readdir(servers(world, 'zls'))).sort()).toEqual([
      expect.stringMatching(/^content-/),
      'installed.json',
    ]);
  });

  it('is finished by it, before its first start', async () => {
    const world = await open();
    const archive = zip([
      { name: 'language_server.sh', content: serverScript(world), mode: 0o755 },
      { name: 'quiet_install.exs', content: 'compile\n' },
    ]);
    mirror.serveGitHub('elixir-lsp/elixir-ls', 'v0.29.3', { 'elixir-ls-v0.29.3.zip': archive });
    await program(world, 'elixir', '#!/bin/sh\necho "no hex" >&2; exit 1');
    expect(await failure(world, 'elixir-ls')).toContain(
      'was not installed: elixir failed: no hex; install elixir-ls (https:',
    );
    await program(world, 'elixir', `#!/bin/sh\nread line < "$1"; echo "$MIX_ENV $line" >> ${world.root}/args`);
    world.clock.ahead = 300_001;
    expect(await check(world, 'a.ex')).toContain('BAD found');
    expect(await args(world)).toBe('prod compile\n\n');
  });

  it('is run by it: Java runs the Eclipse server', async () => {
    const world = await open();
    const name = 'jdt-language-server-1.50.0-202509041425.tar.gz';
    const system = platform() === 'darwin' ? 'mac' : 'linux';
    const archive = await tarGz([
      { name: './plugins/org.eclipse.equinox.launcher.gtk_1.2.jar', content: 'no' },
      { name: './plugins/org.eclipse.equinox.launcher_1.7.0.v2025.jar', content: 'jar' },
      ...['', '_arm'].map((cpu) => ({ name: `./config_${system}${cpu}/config.ini`, content: 'x' })),
    ]);
    mirror.serve('download.eclipse.org/jdtls/snapshots/latest.txt', name);
    mirror.serve(`download.eclipse.org/jdtls/snapshots/${name}`, archive);
    mirror.serve(`download.eclipse.org/jdtls/snapshots/${name}.sha256`, sha256(archive));
    const version = `if [ "$1" = -version ]; then echo 'openjdk version "21.0.5" 2024-10-15' >&2; exit; fi`;
    await mkdir(join(world.root, 'jdk/bin'), { recursive: true });
    await writeFile(join(world.root, 'jdk/bin/java'), serverScript(world, version), { mode: 0o755 });
    world.variables['JAVA_HOME'] = join(world.root, 'jdk');
    expect(await check(world, 'a.java')).toContain('BAD found');
    const said = (await args(world)).trim().split(' ');
    const after = (option: string) => said[said.indexOf(option) + 1];
    expect(said[0]).toBe('-Declipse.application=org.eclipse.jdt.ls.core.id1');
    expect(after('-jar')).toMatch(/\/content\/plugins\/org\.eclipse\.equinox\.launcher_1\.7\.0\.v2025\.jar$/);
    expect(after('-configuration')?.endsWith(`/config_${system}${arch() === 'arm64' ? '_arm' : ''}`)).toBe(true);
    expect(after('-data')).toMatch(new RegExp(`^${world.root}/home/.cache/opencode/jdtls/[0-9a-f]{16}$`));
  });
});

describe('a server that a package tool installs', () => {
  it('comes with go', async () => {
    const world = await open();
    await writeFile(join(world.root, 'gopls'), serverScript(world), { mode: 0o755 });
    await program(
      world,
      'go',
      `#!/bin/sh\necho "$*" >> ${world.root}/calls; /bin/cp -p ${world.root}/gopls "$GOBIN/gopls"`,
    );
    const both = await Promise.all([check(world, 'a.go'), check(world, 'sub/b.go')]);
    expect(both).toEqual([expect.stringContaining('BAD'), expect.stringContaining('BAD')]);
    expect(await readFile(join(world.root, 'calls'), 'utf8')).toBe('install golang.org/x/tools/gopls@latest\n');
    const record = JSON.parse(await readFile(servers(world, 'gopls/installed.json'), 'utf8')) as object;
    expect(record).toEqual({ version: 'latest', program: 'gopls', folder: expect.any(String) });
  });

  it('comes with gem, and finds its own packages; one in PATH that is too old is passed over', async () => {
    const world = await open();
    await program(world, 'rubocop', '#!/bin/sh\necho "Usage: rubocop [options]"');
    await writeFile(join(world.root, 'rubocop'), serverScript(world, `echo "$GEM_PATH" > ${world.root}/path`));
    await program(
      world,
      'gem',
      `#!/bin/sh
      while [ $# -gt 0 ]; do case "$1" in --install-dir) dir="$2";; --bindir) bin="$2";; esac; shift; done
      /bin/mkdir -p "$bin" "$dir/gems/rubocop-1/bin"
      /bin/cp ${world.root}/rubocop "$bin/rubocop"; /bin/chmod 755 "$bin/rubocop"`,
    );
    expect(await check(world, 'a.rb')).toContain('BAD found');
    expect(await args(world)).toBe('--lsp\n');
    const [folder] = (await readdir(servers(world, 'ruby-lsp'))).filter((name) => name.startsWith('content-'));
    expect(await readFile(join(world.root, 'path'), 'utf8')).toBe(`${servers(world, `ruby-lsp/${folder}`)}:\n`);
  });

  it.each([
    ['csharp', 'csharp-ls', 'a.cs'],
    ['fsharp', 'fsautocomplete', 'a.fs'],
  ])('comes with dotnet: %s', async (_, name, file) => {
    const world = await open();
    await writeFile(join(world.root, name), serverScript(world), { mode: 0o755 });
    await program(
      world,
      'dotnet',
      `#!/bin/sh\n[ "$1 $2 $4" = "tool install --tool-path" ] && /bin/cp -p "${world.root}/$3" "$5/$3"`,
    );
    expect(await check(world, file)).toContain('BAD found');
  });

  it.each([
    [
      'echo one >&2; echo "go: no network" >&2; exit 1',
      'was not installed: go failed: one go: no network; run: go install',
    ],
    ['true', 'was not installed: go reports success, but there is no gopls'],
  ])('and that fails says why: %s', async (script, message) => {
    const world = await open();
    await program(world, 'go', `#!/bin/sh\n${script}`);
    expect(await failure(world, 'gopls')).toContain(message);
    expect(await readdir(servers(world, 'gopls'))).toEqual([]);
  });

  it('needs that tool', async () => {
    expect(await failure(await open(), 'gopls')).toBe(
      'gopls was found neither in the project nor in PATH, and was not installed: it needs go, which is not in PATH; ' +
        'run: go install golang.org/x/tools/gopls@latest',
    );
  });
});
