import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Packed, tarGz, zip } from '../testing/archives.fixture.js';
import { isArchive, unpack, type UnpackOptions } from './unpack.js';

/** Made by GNU tar: a folder with a program, and a link to that. */
const XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AJ1dADgayRWYrNGyNLfPL52tDilYvn2GciFqwIW5hBFFWulNBObKj3Q6xReRIFp+h0jL6mh2bEkUtrs8lt1AdEeMQrXLFcp74AtPknxalSHoNC0RCe+hHIovU2q+5VqITLAeUSGpDMLMSdz3a7MP5F5pEUN0ykd4vZhYaLdu4+AxGOp6kdbRtk0zBR9dGIQecjTkLtMtN2pEwwgosnzwPwAAAAAAesKBS1q4JVcAAbkBgFAAAFsnFUKxxGf7AgAAAAAEWVo=';

describe('archives', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'unpack-'));
    await mkdir(join(root, 'into'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const into = (name: string) => join(root, 'into', name);
  const unpacked = async (name: string, content: Buffer, options?: UnpackOptions) => {
    await writeFile(join(root, name), content);
    await unpack(join(root, name), join(root, 'into'), options);
  };
  const packers: [string, (entries: readonly Packed[]) => Promise<Buffer> | Buffer][] = [
    ['a.zip', zip],
    ['a.tar.gz', tarGz],
  ];

  describe.each(packers)('%s', (name, pack) => {
    const unpackedOf = async (entries: Packed[], options?: UnpackOptions) =>
      unpacked(name, await pack(entries), options);

    it('are unpacked with folders, links and what can be run', async () => {
      await unpackedOf([
        { name: 'empty/' },
        { name: './pkg/lib/libx.so', link: 'libx.so.1' },
        { name: 'pkg/lib/libx.so.1', link: 'libx.so.1.2' },
        { name: 'pkg/lib/libx.so.1.2', content: 'x'.repeat(100_000) },
        { name: 'pkg/bin/tool', content: 'run me', mode: 0o755 },
        { name: 'pkg/bin/lib', link: '../lib' },
        { name: 'pkg/bin/gone', link: 'nowhere' },
        { name: 'pkg/nothing' },
      ]);
      expect((await readdir(into(''))).sort()).toEqual(['empty', 'pkg']);
      expect((await readdir(into('pkg'))).sort()).toEqual(['bin', 'lib', 'nothing']);
      expect((await readdir(into('pkg/bin'))).sort()).toEqual(['lib', 'tool']);
      expect(await readFile(into('pkg/bin/lib/libx.so'), 'utf8')).toHaveLength(100_000);
      expect(await readlink(into('pkg/lib/libx.so'))).toBe('libx.so.1');
      expect((await stat(into('pkg/bin/tool'))).mode & 0o777).toBe(0o755);
      expect((await stat(into('pkg/nothing'))).mode & 0o777).toBe(0o644);
    });

    it.each([
      ['a name with ..', [{ name: 'a/../../evil', content: 'x' }]],
      ['an absolute name', [{ name: '/tmp/evil', content: 'x' }]],
      ['a link to the outside', [{ name: 'out', link: '../..' }]],
      ['an absolute link', [{ name: 'out', link: '/etc' }]],
      [
        'a link whose way out is behind another link',
        [
          { name: 'top/file', content: '' },
          { name: 'deep/dir/in', link: '../../top' },
          { name: 'deep/dir/out', link: 'in/../..' },
        ],
      ],
      [
        'a file behind a link',
        [
          { name: 'a', link: '.' },
          { name: 'a/b', content: 'x' },
        ],
      ],
    ] as [string, Packed[]][])('are refused with %s', async (_, entries) => {
      await expect(unpackedOf(entries)).rejects.toThrow();
      expect((await readdir(root)).sort()).toEqual([name, 'into'].sort());
    });

    it('are refused when they hold too much', async () => {
      const entries = [1, 2, 3].map((n) => ({ name: `${n}`, content: 'x'.repeat(1000) }));
      await expect(unpackedOf(entries, { maxBytes: 2_999 })).rejects.toThrow('more than 2999 bytes');
      await expect(unpackedOf(entries, { maxEntries: 2 })).rejects.toThrow('more than 2 files');
    });

    it('are refused when they are damaged', async () => {
      const whole = await pack([{ name: 'a', content: 'x'.repeat(10_000) }]);
      await expect(unpacked(name, whole.subarray(0, whole.length - 30))).rejects.toThrow();
      await expect(unpacked(name, Buffer.from('<html>not found</html>'))).rejects.toThrow();
    });

    it('stop with a signal', async () => {
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(unpackedOf([{ name: 'a', content: 'x' }], { signal })).rejects.toThrow('aborted');
    });
  });

  it('may have hard links, to what is in them', async () => {
    await unpacked(
      'a.tgz',
      await tarGz([
        { name: 'a', content: 'same' },
        { name: 'd/b', hard: 'a' },
      ]),
    );
    expect(await readFile(into('d/b'), 'utf8')).toBe('same');
    await expect(unpacked('b.tgz', await tarGz([{ name: 'c', hard: '../b.tgz' }]))).rejects.toThrow('leads out of it');
  });

  it('may be compressed with xz', async () => {
    await unpacked('a.tar.xz', Buffer.from(XZ, 'base64'));
    expect(await readFile(into('pkg/other'), 'utf8')).toBe('#!/bin/sh\necho hello\n');
    expect((await stat(into('pkg/tool'))).mode & 0o777).toBe(0o755);
  });

  it('are known by their names', () => {
    expect(['a.zip', 'a.tar.gz', 'a.tgz', 'a.tar.xz', 'a.sit'].every(isArchive)).toBe(true);
    expect(isArchive('a.exe')).toBe(false);
  });
});
