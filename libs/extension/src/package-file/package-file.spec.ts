import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageFilePath, readPackageFile, requirePackage, unpack, unpackPackage } from './package-file.js';

const run = promisify(execFile);
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'package-file-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('files of packages', () => {
  it('are read where the package is installed', async () => {
    const name = 'web-tree-sitter/web-tree-sitter.wasm';
    const bytes = await readPackageFile(name);
    expect(Buffer.from(bytes.subarray(0, 4)).toString('latin1')).toBe('\0asm');
    expect(await readFile(await packageFilePath(name, folder))).toEqual(bytes);
    expect(await readdir(folder)).toEqual([]);
  });

  it('say when they are not there', async () => {
    await expect(readPackageFile('web-tree-sitter/none.wasm')).rejects.toThrow('none.wasm');
  });

  const script = Buffer.from('#!/bin/sh\necho unpacked "$1"\n');

  it('become programs, written once', async () => {
    const path = await unpack('tool', script, folder);
    const first = await stat(path);
    expect((await run(path, ['here'])).stdout).toBe('unpacked here\n');
    expect(await unpack('tool', script, folder)).toBe(path);
    expect((await stat(path)).ino).toBe(first.ino);
  });

  it('of another version lie elsewhere', async () => {
    const path = await unpack('tool', script, folder);
    expect(await unpack('tool', Buffer.from('#!/bin/sh\n'), folder)).not.toBe(path);
  });

  it('are written again when one is damaged', async () => {
    const path = await unpack('tool', script, folder);
    await truncate(path, 3);
    await unpack('tool', script, folder);
    expect(await readFile(path)).toEqual(script);
  });

  it('are a whole package, where one is native', async () => {
    expect(await requirePackage('node-pty', folder)).toHaveProperty('spawn');
    const files = {
      'package.json': '{"main":"lib/a.js"}',
      'lib/a.js': 'module.exports = require("../b.js");',
      'b.js': 'module.exports = 42;',
    };
    const packed = Buffer.from(
      JSON.stringify(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, btoa(text)]))),
    );
    const places = await Promise.all(Array.from({ length: 4 }, () => unpackPackage('one', packed, folder)));
    expect(new Set(places).size).toBe(1);
    expect(createRequire(join(places[0]!, 'package.json'))(places[0]!)).toBe(42);
  });

  it('can be unpacked by several at the same time', async () => {
    const paths = await Promise.all(Array.from({ length: 8 }, () => unpack('tool', script, folder)));
    expect(new Set(paths).size).toBe(1);
    expect(await readdir(join(paths[0]!, '..'))).toEqual(['tool']);
  });
});
