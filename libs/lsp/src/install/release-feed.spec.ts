import { SystemEnvironment } from '#libs/extension';
import { SOURCES } from '../server/server-sources.js';
import { Mirror } from '../testing/mirror.fixture.js';
import { Downloads } from './downloads.js';
import { findRelease, type Release } from './release-feed.js';

const { signal } = new AbortController();
const HASH = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

let mirror: Mirror;
beforeEach(async () => (mirror = await Mirror.start()));
afterEach(() => mirror.close());

const find = (
  source: keyof typeof SOURCES,
  platform: string,
  { neededVersion, ...variables }: Record<string, string> = {},
): Promise<Release> => {
  const { feed } = (SOURCES[source] as Extract<(typeof SOURCES)[typeof source], { release: unknown }>).release;
  const environment = new SystemEnvironment({ OPENCODE_LSP_MIRROR: `${mirror.url}/`, ...variables }, '/');
  return findRelease(feed, { downloads: new Downloads(environment), platform, neededVersion, signal });
};

/** Names of files as they are published, with some that must not be taken for others. */
const PUBLISHED = {
  clangd: [
    'clangd/clangd',
    '20.1.8',
    ['clangd-linux-20.1.8.zip', 'clangd-mac-20.1.8.zip', 'clangd-windows-20.1.8.zip'],
    ['clangd-debug-symbols-linux-20.1.8.7z', 'clangd_indexing_tools-linux-20.1.8.zip'],
  ],
  lua: [
    'LuaLS/lua-language-server',
    '3.15.0',
    ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64-musl', 'linux-x64'].map(
      (platform) => `lua-language-server-3.15.0-${platform}.tar.gz`,
    ),
    ['lua-language-server-3.15.0-submodules.zip', 'lua-language-server-3.15.0-win32-x64.zip'],
  ],
  texlab: [
    'latex-lsp/texlab',
    'v5.23.1',
    ['aarch64-linux', 'aarch64-macos', 'x86_64-alpine', 'x86_64-linux', 'x86_64-macos'].map(
      (platform) => `texlab-${platform}.tar.gz`,
    ),
    ['texlab-aarch64-windows.zip', 'texlab-armv7hf-linux.tar.gz', 'texlab-x86_64-windows.zip'],
  ],
  tinymist: [
    'Myriad-Dreamin/tinymist',
    'v0.15.2',
    ['unknown-linux-gnu', 'unknown-linux-musl', 'apple-darwin'].flatMap((system) =>
      ['aarch64', 'x86_64'].map((arch) => `tinymist-${arch}-${system}.tar.gz`),
    ),
    ['tinymist-linux-x64', 'tinymist-x86_64-apple-darwin.tar.gz.sha256', 'tinymist-linux-x64.vsix'],
  ],
  elixirLs: ['elixir-lsp/elixir-ls', 'v0.29.3', ['elixir-ls-v0.29.3.zip'], ['elixir-ls-otp26.zip', 'Source.zip']],
} as const;

describe('the newest release', () => {
  it.each([
    ['clangd', 'linux-x64', 'clangd-linux-20.1.8.zip'],
    ['clangd', 'darwin-arm64', 'clangd-mac-20.1.8.zip'],
    ['clangd', 'linux-arm64', undefined],
    ['clangd', 'linux-x64-musl', undefined],
    ['lua', 'linux-x64', 'lua-language-server-3.15.0-linux-x64.tar.gz'],
    ['lua', 'linux-x64-musl', 'lua-language-server-3.15.0-linux-x64-musl.tar.gz'],
    ['lua', 'darwin-arm64', 'lua-language-server-3.15.0-darwin-arm64.tar.gz'],
    ['texlab', 'linux-x64', 'texlab-x86_64-linux.tar.gz'],
    ['texlab', 'linux-x64-musl', 'texlab-x86_64-alpine.tar.gz'],
    ['texlab', 'linux-arm64', 'texlab-aarch64-linux.tar.gz'],
    ['tinymist', 'darwin-x64', 'tinymist-x86_64-apple-darwin.tar.gz'],
    ['tinymist', 'linux-arm64-musl', 'tinymist-aarch64-unknown-linux-musl.tar.gz'],
    ['tinymist', 'win32-x64', undefined],
    ['elixirLs', 'linux-riscv64', 'elixir-ls-v0.29.3.zip'],
  ] as const)('of %s for %s is %s', async (source, platform, file) => {
    const [repository, tag, files, others] = PUBLISHED[source];
    const base = `https://github.com/${repository}/releases/download/${tag}`;
    mirror.serve(`api.github.com/repos/${repository}/releases/latest`, {
      tag_name: tag,
      assets: [...others, ...files].map((name) => ({
        name,
        browser_download_url: `${base}/${name}`,
        digest: name === file ? `sha256:${HASH}` : `sha256:${OTHER}`,
      })),
    });
    const release = find(source, platform);
    if (file === undefined)
      await expect(release).rejects.toThrow(`${repository} ${tag} is not published for ${platform}`);
    else expect(await release).toEqual({ version: tag, url: `${base}/${file}`, sha256: HASH });
  });

  it('may have no digest', async () => {
    mirror.serve('api.github.com/repos/latex-lsp/texlab/releases/latest', {
      tag_name: 'v1',
      assets: [{ name: 'texlab-x86_64-linux.tar.gz', browser_download_url: 'https://x/y.tar.gz', digest: null }],
    });
    expect(await find('texlab', 'linux-x64')).toEqual({ version: 'v1', url: 'https://x/y.tar.gz' });
  });

  it.each([
    ['linux-x64', 'kotlin-server-263.4702.0.tar.gz'],
    ['linux-arm64', 'kotlin-server-263.4702.0-aarch64.tar.gz'],
    ['darwin-arm64', 'kotlin-server-263.4702.0-aarch64.sit'],
  ])('of kotlin-lsp is linked to in its notes: for %s %s', async (platform, file) => {
    const base = 'https://download.jetbrains.com/language-server/kotlin-server/263.4702.0';
    const names = ['0.0.12-linux-amd64.vsix', '263.4702.0.sit', '263.4702.0-aarch64.sit', '263.4702.0.tar.gz']
      .concat(['263.4702.0-aarch64.tar.gz', '263.4702.0.win.zip'])
      .map((rest) => `kotlin-server-${rest}`);
    const notes = names.map((name) => `* [Download](${base}/${name})&nbsp;|&nbsp;[SHA-256](${base}/${name}.sha256)`);
    mirror.serveGitHub('Kotlin/kotlin-lsp', 'kotlin-lsp/v263.4702.0', {}, notes.join('\n'));
    mirror.serve(`${base.slice('https://'.length)}/${file}.sha256`, `${HASH.toUpperCase()} *${file}\n`);
    expect(await find('kotlin', platform)).toEqual({
      version: 'kotlin-lsp/v263.4702.0',
      url: `${base}/${file}`,
      sha256: HASH,
    });
  });

  it('of terraform-ls is told by HashiCorp', async () => {
    const base = 'https://releases.hashicorp.com/terraform-ls/0.38.2';
    const builds = ['darwin_arm64', 'linux_386', 'linux_amd64'].map((name) => {
      const [os, arch] = name.split('_');
      return { os, arch, url: `${base}/terraform-ls_0.38.2_${name}.zip` };
    });
    const sums = `${base}/terraform-ls_0.38.2_SHA256SUMS`;
    mirror.serve('api.releases.hashicorp.com/v1/releases/terraform-ls/latest', {
      version: '0.38.2',
      builds,
      url_shasums: sums,
    });
    const lines = (digest: string) =>
      `${OTHER}  terraform-ls_0.38.2_darwin_arm64.zip\n${digest}  terraform-ls_0.38.2_linux_amd64.zip\n`;
    mirror.serve(sums.slice('https://'.length), lines(HASH));
    expect(await find('terraform', 'linux-x64')).toEqual({
      version: '0.38.2',
      url: `${base}/terraform-ls_0.38.2_linux_amd64.zip`,
      sha256: HASH,
    });
    await expect(find('terraform', 'linux-riscv64')).rejects.toThrow('not published for linux-riscv64');
    mirror.serve(sums.slice('https://'.length), lines('<html>'));
    await expect(find('terraform', 'linux-x64')).rejects.toThrow(
      'holds no SHA-256 of terraform-ls_0.38.2_linux_amd64.zip',
    );
  });

  it('of the Eclipse server is a snapshot', async () => {
    const name = 'jdt-language-server-1.50.0-202509041425';
    const base = 'download.eclipse.org/jdtls/snapshots';
    mirror.serve(`${base}/latest.txt`, `${name}.tar.gz\n`);
    mirror.serve(`${base}/${name}.tar.gz.sha256`, `${HASH}  ../target/${name}.tar.gz\n`);
    expect(await find('jdtls', 'darwin-x64')).toEqual({
      version: name,
      url: `https://${base}/${name}.tar.gz`,
      sha256: HASH,
    });
    mirror.serve(`${base}/latest.txt`, '../../../evil.tar.gz');
    await expect(find('jdtls', 'darwin-x64')).rejects.toThrow('does not name an archive');
  });

  it.each([
    ['linux-x64-musl', 'x86_64-linux'],
    ['darwin-arm64', 'macos-aarch64'],
  ])('of zls is the one that fits Zig: for %s under %s', async (platform, key) => {
    const address =
      'releases.zigtools.org/v1/zls/select-version?zig_version=0.16.0-dev.7%2Babc&compatibility=only-runtime';
    const tarball = 'https://builds.zigtools.org/zls-0.16.0-dev.3.tar.xz';
    mirror.serve(address, { version: '0.16.0-dev.3', date: '2026', [key]: { tarball, shasum: HASH, size: '1' } });
    const neededVersion = '0.16.0-dev.7+abc';
    expect(await find('zls', platform, { neededVersion })).toEqual({
      version: '0.16.0-dev.3',
      url: tarball,
      sha256: HASH,
    });
    await expect(find('zls', 'linux-riscv64', { neededVersion })).rejects.toThrow('not published for linux-riscv64');
    mirror.serve(address, { code: 2, message: 'Zig 0.16.0-dev.7+abc has no compatible ZLS build (yet)' });
    await expect(find('zls', platform, { neededVersion })).rejects.toThrow('has no compatible ZLS build (yet)');
  });
});

describe('a site', () => {
  it('is told name and password of the mirror, and no token that is for another', async () => {
    const seen: (string | undefined)[] = [];
    mirror.serve('api.github.com/repos/latex-lsp/texlab/releases/latest', (request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    const url = mirror.url.replace('//', '//me:p%40ss@');
    await expect(find('texlab', 'linux-x64', { GITHUB_TOKEN: 'secret' })).rejects.toThrow('names no release');
    await expect(find('texlab', 'linux-x64', { OPENCODE_LSP_MIRROR: url })).rejects.toThrow('names no release');
    expect(seen).toEqual([undefined, `Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
    const elsewhere = find('clangd', 'linux-x64', { OPENCODE_LSP_MIRROR: `${url}/elsewhere` });
    await expect(elsewhere).rejects.toThrow(
      `${mirror.url}/elsewhere/api.github.com/repos/clangd/clangd/releases/latest`,
    );
  });

  it('that is no address is refused', async () => {
    const release = find('texlab', 'linux-x64', { OPENCODE_LSP_MIRROR: 'mirror.example' });
    await expect(release).rejects.toThrow('OPENCODE_LSP_MIRROR is no address of a site');
  });

  it.each([
    ['answers 404', undefined],
    ['answers something other than JSON', '<html>'],
  ])('that %s is named', async (reason, content) => {
    const address = 'api.github.com/repos/latex-lsp/texlab/releases/latest';
    if (content !== undefined) mirror.serve(address, content);
    await expect(find('texlab', 'linux-x64')).rejects.toThrow(`${mirror.url}/${address} ${reason}`);
  });

  it('that cannot be reached is named', async () => {
    const closed = await Mirror.start();
    const { url } = closed;
    await closed.close();
    const release = find('texlab', 'linux-x64', { OPENCODE_LSP_MIRROR: url });
    await expect(release).rejects.toThrow(`${url.slice('http://'.length)} cannot be reached: ECONNREFUSED`);
  });

  it('is not spoken to without encryption', async () => {
    const downloads = new Downloads(new SystemEnvironment({}, '/'));
    await expect(downloads.text('http://127.0.0.1:1/x', signal)).rejects.toThrow(
      'http://127.0.0.1:1/x is not encrypted',
    );
  });
});
