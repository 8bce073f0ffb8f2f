import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type ConfigService, ProblemService } from '#libs/config';
import { type InstalledPackage, PackageInstaller, SystemEnvironment } from '#libs/extension';
import { Instance } from '#libs/instance';
import { ConfigDependencies } from './config-dependencies.service.js';
import { findInstalled, isReachable, parsePackage } from './plugin-package.js';

class Recorder extends PackageInstaller {
  readonly folders: string[] = [];
  constructor(private readonly work: () => Promise<void> = async () => undefined) {
    super();
  }
  install(): Promise<InstalledPackage> {
    return Promise.reject(new Error('nobody asked for a package'));
  }
  async installFolder(directory: string): Promise<void> {
    this.folders.push(directory);
    await this.work();
  }
}

describe('packages of plugins', () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'dependencies-')));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const put = async (path: string, content: string | object) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  /** Which folders packages were installed into. */
  const ensure = async (recorder = new Recorder()) => {
    const config = { directories: async () => [join(root, 'a'), join(root, 'b')] } as Partial<ConfigService>;
    const service = new ConfigDependencies(
      config as ConfigService,
      new SystemEnvironment({ HOME: root }, root),
      recorder,
      new ProblemService(),
    );
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    await service.ensure(new Instance(root, { worktree: '/', project }));
    return recorder.folders.map((folder) => folder.slice(root.length + 1));
  };
  const read = (path: string) => readFile(join(root, path), 'utf8');

  it('are left alone where there are no plugins and tools', async () => {
    await put('a/package.json', { dependencies: { left: '1' } });
    expect(await ensure()).toEqual([]);
  });

  it('that a package.json asks for are installed when they are missing', async () => {
    await put('a/package.json', { dependencies: { there: '1' } });
    await put('a/tools/t.ts', 'export default {}');
    await put('a/node_modules/there/package.json', {});
    await put('b/package.json', { dependencies: { left: '1' } });
    await put('b/plugin/p.js', 'export {}');
    expect(await ensure()).toEqual(['b']);
    expect(JSON.parse(await read('b/package.json'))).toEqual({ dependencies: { left: '1' } });
  });

  it('of the helpers are added for code that imports them at run time', async () => {
    await put('a/plugin/types.ts', `import type { Plugin } from '@opencode-ai/plugin';`);
    await put('b/tool/t.ts', `import { type A, tool } from "@opencode-ai/plugin/tool";`);
    expect(await ensure()).toEqual(['b']);
    expect(JSON.parse(await read('b/package.json'))).toEqual({ dependencies: { '@opencode-ai/plugin': '1.2.6' } });
    expect(await read('b/.gitignore')).toContain('node_modules\n');
    await expect(read('a/package.json')).rejects.toThrow('ENOENT');

    await put('b/node_modules/@opencode-ai/plugin/package.json', { version: '1.0.0' });
    expect(await ensure()).toEqual([]);
  });

  it('are waited for while another server installs them', async () => {
    await put('a/package.json', { dependencies: { left: '1' } });
    await put('a/plugin/p.js', 'export {}');
    const installing = Promise.withResolvers<undefined>();
    const end = Promise.withResolvers<undefined>();
    const first = ensure(
      new Recorder(async () => {
        // half of it is there
        await put('a/node_modules/left/package.json', {});
        installing.resolve(undefined);
        await end.promise;
        await put('a/node_modules/left/index.js', 'export {}');
      }),
    );
    await installing.promise;
    const second = ensure().then(async (folders) => [folders, await read('a/node_modules/left/index.js')]);
    await Promise.race([second, setTimeout(300)]);
    end.resolve(undefined);
    expect(await first).toEqual(['a']);
    expect(await second).toEqual([[], 'export {}']);
  });

  it('keep what a package.json says, and leave alone one that cannot be read', async () => {
    await put('a/package.json', { name: 'mine', dependencies: { there: '1' } });
    await put('a/node_modules/there/package.json', {});
    await put('a/tool/t.js', `const { tool } = require('@opencode-ai/plugin')`);
    await put('b/package.json', '{ broken');
    await put('b/tool/t.js', `import { tool } from '@opencode-ai/plugin'`);
    expect(await ensure()).toEqual(['a']);
    expect(JSON.parse(await read('a/package.json'))).toEqual({
      name: 'mine',
      dependencies: { there: '1', '@opencode-ai/plugin': '1.2.6' },
    });
    await expect(read('a/.gitignore')).rejects.toThrow('ENOENT');
    expect(await read('b/package.json')).toBe('{ broken');
  });

  it('are found in the version that is asked for', async () => {
    await put('a/node_modules/@s/p/package.json', { version: '1.0.0' });
    await put('b/node_modules/@s/p/package.json', { version: '2.0.0' });
    const places = [root, join(root, 'a'), join(root, 'b')];
    const find = (specifier: string) => findInstalled(parsePackage(specifier), places);
    expect(await find('@s/p')).toBe(join(root, 'a'));
    expect(await find('@s/p@2.0.0')).toBe(join(root, 'b'));
    expect(await find('@s/p@^1')).toBe(join(root, 'a'));
    expect(await find('@s/p@3.0.0')).toBeUndefined();
    expect(await isReachable('@s/p', join(root, 'a/tool'))).toBe(true);
    expect(await isReachable('@s/p', root)).toBe(false);
    expect(parsePackage('plain@')).toEqual({ name: 'plain' });
  });
});
