import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '#libs/contract';
import { startProviders } from '../testing/provider.fixture.js';
import { AiSdkProviderModule } from './ai-sdk-provider.module.js';
import { packageFactory } from './package-factory.js';

/** What an AI SDK package looks like, of any specification. */
const source = (version: string) => `
  await Promise.resolve();
  export const helper = 1;
  export function createAcme(options) {
    return { languageModel: (modelId) => ({ specificationVersion: '${version}', provider: options.name, modelId, options }) };
  }`;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  path = `${join(folder, 'bin')}:${process.env['PATH']}`;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program in the place of npm that installs the package of the test, or fails. */
async function npm(manifest: object | undefined): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await mkdir(join(folder, 'package/dist'), { recursive: true });
  await writeFile(join(folder, 'package/dist/main.mjs'), source('v4'));
  await writeFile(join(folder, 'package/dist/sub.mjs'), source('v3'));
  await writeFile(
    join(folder, 'package/package.json'),
    JSON.stringify({ name: '@acme/sdk', version: '1.2.3', ...manifest }),
  );
  const install = `for last; do :; done; echo "$last" >> ${folder}/calls; mkdir -p node_modules/@acme; cp -r ${folder}/package node_modules/@acme/sdk`;
  await writeFile(join(folder, 'bin/npm'), `#!/bin/sh\n${manifest ? install : 'echo "npm error E404" >&2; exit 1'}\n`);
  await chmod(join(folder, 'bin/npm'), 0o755);
}

async function make(npm: string) {
  const config: Config = {
    provider: { acme: { npm, options: { apiKey: 'k', baseURL: 'http://x.test' }, models: { m: {} } } },
  };
  await using world = await startProviders({ config, variables: { PATH: path } });
  return await world.providers.languageModel(world.instance, { providerID: 'acme', id: 'm' });
}

it.each<[string, string, object]>([
  ['with an entry for import only', '@acme/sdk', { exports: { '.': { import: './dist/main.mjs' } } }],
  ['with one entry', '@acme/sdk', { exports: './dist/main.mjs' }],
  ['of the old kind', '@acme/sdk', { main: './dist/main.mjs' }],
  ['of a version', '@acme/sdk@1.2.3', { exports: { '.': { types: './x.d.ts', default: './dist/main.mjs' } } }],
])('a package %s is installed and loaded', async (_, name, manifest) => {
  await npm(manifest);
  expect(await make(name)).toMatchObject({
    specificationVersion: 'v4',
    modelId: 'm',
    options: { name: 'acme', apiKey: 'k', baseURL: 'http://x.test' },
  });
});

it('a version of a package that an adapter loads goes through the adapter', async () => {
  await npm({ exports: './dist/main.mjs' });
  const config: Config = {
    provider: { acme: { npm: '@acme/sdk@1.2.3', options: { apiKey: 'k' }, models: { m: {} } } },
  };
  const own = AiSdkProviderModule.register({
    npm: '@acme/sdk',
    loads: true,
    create: async (options, { load }) =>
      packageFactory(await load('@acme/sdk'), '@acme/sdk', { ...options, through: 'the adapter' }),
  });
  await using world = await startProviders({ config, variables: { PATH: path }, imports: [own] });
  const made = world.providers.languageModel(world.instance, { providerID: 'acme', id: 'm' });
  expect(await made).toMatchObject({ options: { through: 'the adapter' } });
  expect(await readFile(join(folder, 'calls'), 'utf8')).toBe('@acme/sdk@1.2.3\n');
});

it('a path inside a package is loaded, of an older specification too', async () => {
  await npm({ exports: { '.': './dist/main.mjs', './sub': { import: './dist/sub.mjs' } } });
  expect(await make('@acme/sdk/sub')).toMatchObject({ specificationVersion: 'v4', provider: 'acme', modelId: 'm' });
});

it('a file is loaded by its address', async () => {
  const file = join(folder, 'own.mjs');
  await writeFile(file, source('v2'));
  expect(await make(pathToFileURL(file).href)).toMatchObject({ specificationVersion: 'v4', modelId: 'm' });
});

it.each<[string, string, RegExp]>([
  ['cannot be installed', '@acme/sdk', /needs the package @acme\/sdk.*E404/s],
  ['has no name of one', '../evil', /not the name of an npm package/],
  ['is a file that is not there', 'file:///nowhere/x.mjs', /could not be loaded/],
])('a package that %s is a typed error', async (_, name, message) => {
  await npm(undefined);
  await expect(make(name)).rejects.toMatchObject({
    name: 'ProviderInitError',
    providerID: 'acme',
    message: expect.stringMatching(message),
  });
});

it('a package that is no provider says so', async () => {
  const file = join(folder, 'other.mjs');
  await writeFile(file, 'export const isNumber = (value) => !Number.isNaN(value);');
  await expect(make(pathToFileURL(file).href)).rejects.toThrow(/is no AI SDK provider: it exports no create function/);
});

it('a package of a specification nobody knows says so', async () => {
  const file = join(folder, 'new.mjs');
  await writeFile(file, source('v9'));
  await expect(make(pathToFileURL(file).href)).rejects.toThrow(/specification version is v9/);
});
