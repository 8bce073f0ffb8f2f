import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUILT_IN_SERVERS } from './built-in-servers.js';
import { findRoot } from './root-rule.js';

describe('the folder of a server', () => {
  let top: string;
  beforeEach(async () => {
    top = join(await realpath(await mkdtemp(join(tmpdir(), 'root-'))), 'work/proj');
    await mkdir(top, { recursive: true });
  });
  afterEach(() => rm(dirname(dirname(top)), { recursive: true, force: true }));

  it.each([
    ['typescript', 'a/b/c.ts', ['a/package-lock.json', 'yarn.lock'], 'a'],
    ['typescript', 'a/b/c.ts', ['../package-lock.json'], ''],
    ['typescript', 'a/b/c.ts', ['a/deno.json', 'a/b/bun.lock'], undefined],
    ['deno', 'a/b/c.ts', ['a/deno.jsonc'], 'a'],
    ['deno', 'a/b/c.ts', [], undefined],
    ['prisma', 'a/schema.prisma', ['a/schema.prisma'], 'a'],
    ['prisma', 'a/schema.prisma', ['a/schema.prisma', 'package.json'], undefined],
    ['rust', 'a/b/src/c.rs', ['a/b/Cargo.toml'], 'a/b'],
    ['nixd', 'a/c.nix', ['flake.nix'], ''],
  ])('%s, for %s with %j', async (id, file, markers, expected) => {
    for (const marker of markers) {
      await mkdir(dirname(join(top, marker)), { recursive: true });
      await writeFile(join(top, marker), '');
    }
    const rule = BUILT_IN_SERVERS.find((server) => server.id === id)!.root;
    const root = await findRoot(rule, { path: join(top, file), top, worktree: dirname(top) });
    expect(root).toBe(expected === undefined ? undefined : join(top, expected));
  });

  it('is that of the workspace for rust', async () => {
    await mkdir(join(top, 'crates/a'), { recursive: true });
    await writeFile(join(top, 'crates/a/Cargo.toml'), '[package]');
    await writeFile(join(top, '../Cargo.toml'), '[package]\n[workspace]\nmembers = []');
    const rule = BUILT_IN_SERVERS.find(({ id }) => id === 'rust')!.root;
    const search = { path: join(top, 'crates/a/b.rs'), top, worktree: dirname(top) };
    expect(await findRoot(rule, search)).toBe(dirname(top));
  });
});
