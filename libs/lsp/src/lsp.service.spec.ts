import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { InstanceStore } from '#libs/instance';
import { EventBus } from '#libs/event';
import { CLIENT_CAPABILITIES } from './client/client-capabilities.js';
import { LspService } from './lsp.service.js';
import { CodeQueryService } from './query/code-query.service.js';
import { alive, LspWorld, until } from './testing/lsp-world.fixture.js';

let world: LspWorld;
afterEach(() => world.close());

const lsp = () => world.module.get(LspService);
const queries = () => world.module.get(CodeQueryService);
const forever = new AbortController().signal;
const check = (path: string, signal = forever) => lsp().check(world.instance, [path], signal);
const use = async (...modes: string[]) => {
  world = await LspWorld.create(({ fake }) => ({ lsp: { fake: { command: fake(...modes), extensions: ['.fake'] } } }));
};
const started = async () => (await world.log()).filter(({ start }) => start !== undefined);

describe('language servers', () => {
  it('are spoken to as the protocol wants', async () => {
    world = await LspWorld.create(({ fake }) => ({
      lsp: {
        fake: {
          command: fake(),
          extensions: ['.fake'],
          env: { FAKE: 'yes' },
          initialization: { fake: { level: 3 } },
        },
      },
    }));
    const file = await world.write('src/a.fake', 'fine');
    expect(await lsp().status(world.instance)).toEqual([]);
    expect((await check(file)).all).toEqual({});
    await world.write('src/a.fake', 'BAD');
    expect((await check(file)).ofFile(file)).toBe(
      `\n\nLSP errors detected in this file, please fix:\n<diagnostics file="${file}">\nERROR [1:1] BAD found\n</diagnostics>`,
    );
    await world.heard(({ asked }) => asked === 'window/showMessageRequest');
    const [start, initialize, ...rest] = await world.log();
    const uri = `file://${world.path('')}`.replace(/\/$/, '');
    const settings = { fake: { level: 3 } };
    expect(start).toEqual({ start: expect.any(Number), cwd: world.path('').replace(/\/$/, ''), env: 'yes' });
    expect(initialize?.params).toEqual({
      rootUri: uri,
      processId: process.pid,
      workspaceFolders: [{ name: 'workspace', uri }],
      initializationOptions: settings,
      capabilities: CLIENT_CAPABILITIES,
    });
    const document = `${uri}/src/a.fake`;
    const notified = rest.flatMap(({ method, params }) => (method === undefined ? [] : [{ method, params }]));
    expect(notified).toEqual([
      { method: 'initialized' },
      { method: 'workspace/didChangeConfiguration', params: { settings } },
      { method: 'workspace/didChangeWatchedFiles', params: { changes: [{ uri: document, type: 1 }] } },
      {
        method: 'textDocument/didOpen',
        params: { textDocument: { uri: document, languageId: 'plaintext', version: 0, text: 'fine' } },
      },
      { method: 'workspace/didChangeWatchedFiles', params: { changes: [{ uri: document, type: 2 }] } },
      {
        method: 'textDocument/didChange',
        params: { textDocument: { uri: document, version: 1 }, contentChanges: [{ text: 'BAD' }] },
      },
    ]);
    expect(rest.flatMap(({ asked, answer }) => (asked === undefined ? [] : [[asked, answer]]))).toEqual([
      ['workspace/configuration', [3, settings]],
      ['workspace/workspaceFolders', [{ name: 'workspace', uri }]],
      ['window/workDoneProgress/create', null],
      ['client/registerCapability', null],
      ['window/showMessageRequest', { code: -32601 }],
    ]);
    expect(await lsp().status(world.instance)).toEqual([{ id: 'fake', name: 'fake', root: '', status: 'connected' }]);
    expect(world.events).toEqual([
      { type: 'lsp.updated', properties: {} },
      { type: 'lsp.client.diagnostics', properties: { path: file, serverID: 'fake' } },
      { type: 'lsp.client.diagnostics', properties: { path: file, serverID: 'fake' } },
    ]);
  });

  it('run once for many files, and say nothing twice', async () => {
    await use();
    const files = await Promise.all(['a', 'b', 'c'].map((name) => world.write(`${name}.fake`, 'BAD')));
    const reports = await Promise.all(files.map((file) => check(file)));
    expect(Object.keys(reports[2]!.all)).toContain(files[2]);
    await check(files[0]!);
    expect(await started()).toHaveLength(1);
    expect((await world.log()).filter(({ method }) => method === 'textDocument/didChange')).toEqual([]);
  });

  it('cost nothing when a file is none of theirs', async () => {
    await use();
    expect((await check(await world.write('a.other', 'BAD'))).all).toEqual({});
    expect((await check(await world.write('../out.fake', 'BAD'))).all).toEqual({});
    expect(await started()).toEqual([]);
  });

  it('may be for every file', async () => {
    world = await LspWorld.create(({ fake }) => ({ lsp: { all: { command: fake(), extensions: [] } } }));
    const file = await world.write('LICENSE', 'BAD');
    expect(Object.keys((await check(file)).all)).toEqual([file]);
  });

  it('hear that a changed file is saved, if they check files then', async () => {
    await use('saves');
    const file = await world.write('a.fake', '');
    lsp().touch(world.instance, file);
    await world.heard(({ method }) => method === 'textDocument/didOpen');
    await world.write('a.fake', 'BAD');
    await check(file);
    await check(file);
    const saved = (await world.log()).filter(({ method }) => method === 'textDocument/didSave');
    expect(saved.map(({ params }) => params)).toEqual([{ textDocument: { uri: `file://${file}` } }]);
    // also when watchers were faster, and of what others changed
    await world.write('a.fake', 'BAD again');
    world.module.get(EventBus).publish(world.instance, 'file.watcher.updated', { file, event: 'change' });
    await check(file);
    await world.write('a.fake', 'BAD once more');
    await check(await world.write('b.fake', ''));
    const heard = (await world.log()).filter(({ method }) => method?.startsWith('textDocument/did'));
    expect(heard.map(({ method }) => method).slice(3)).toEqual([
      ...['textDocument/didChange', 'textDocument/didSave', 'textDocument/didChange', 'textDocument/didSave'],
      ...['textDocument/didOpen', 'textDocument/didSave'],
    ]);
  });

  it('are shown what was read without being waited for', async () => {
    await use();
    lsp().touch(world.instance, await world.write('a.fake', 'BAD'));
    await world.heard(({ method }) => method === 'textDocument/didOpen');
  });

  it('hear of changes on disk', async () => {
    await use();
    const open = await world.write('open.fake', '');
    await check(open);
    await world.heard(({ asked }) => asked === 'client/registerCapability');
    await world.write('open.fake', 'BAD');
    const events = world.module.get(EventBus);
    const tell = (file: string, event: 'add' | 'change' | 'unlink') =>
      events.publish(world.instance, 'file.watcher.updated', { file, event });
    tell(open, 'change');
    tell(world.path('other.json'), 'add');
    tell(world.path('other.png'), 'add');
    await world.heard(({ method }) => method === 'textDocument/didChange');
    const changes = (await world.log()).filter(({ method }) => method === 'workspace/didChangeWatchedFiles');
    const uri = (name: string) => `file://${world.path(name)}`;
    expect(changes.flatMap(({ params }) => params?.['changes'])).toEqual([
      { uri: uri('open.fake'), type: 1 },
      { uri: uri('other.json'), type: 1 },
      { uri: uri('open.fake'), type: 2 },
    ]);
  });

  it('hear of what others did before they are asked', async () => {
    await use();
    await check(await world.write('a.fake', ''));
    await world.heard(({ asked }) => asked === 'client/registerCapability');
    const names = Array.from({ length: 100 }, (_, n) => `${n}.json`);
    for (const name of names.slice(1)) await world.write(name, '{}');
    lsp().changed(
      world.instance,
      names.map((name) => world.path(name)),
    );
    await check(await world.write('b.fake', ''));
    const [first, ...told] = (await world.log())
      .filter(({ method }) => method === 'workspace/didChangeWatchedFiles' || method === 'textDocument/didOpen')
      .slice(2);
    expect(first!.params?.['changes']).toEqual(
      names.map((name, index) => ({ uri: `file://${world.path(name)}`, type: index === 0 ? 3 : 1 })),
    );
    expect(told.map(({ method }) => method)).toEqual(['workspace/didChangeWatchedFiles', 'textDocument/didOpen']);
  });

  it('end with the instance, the stubborn ones too', async () => {
    world = await LspWorld.create(({ fake }) => ({
      lsp: {
        fake: { command: fake(), extensions: ['.fake'] },
        deaf: { command: fake('deaf'), extensions: ['.fake'] },
        mute: { command: fake('mute', 'deaf'), extensions: ['.mute'] },
      },
    }));
    await check(await world.write('a.fake', ''));
    lsp().touch(world.instance, await world.write('a.mute', ''));
    await until(async () => (await started()).length === 3, 'all of them have started');
    await world.module.get(InstanceStore).dispose(world.instance);
    expect((await started()).map(({ start }) => alive(start!))).toEqual([false, false, false]);
    const methods = (await world.log()).map(({ method }) => method);
    expect(methods).toContain('shutdown');
    expect(methods).toContain('exit');
  });
});

describe('a missing server', () => {
  it('of the registry is fetched, unless that is forbidden', async () => {
    world = await LspWorld.create();
    const manifest = { bin: { 'bash-language-server': 'start.sh' } };
    await world.write('../registry/bash-language-server/package.json', JSON.stringify(manifest));
    const command = world.fake.map((word) => `'${word}'`).join(' ');
    await world.write('../registry/bash-language-server/start.sh', `#!/bin/sh\nexec ${command}\n`, 0o755);
    const file = await world.write('a.sh', 'BAD');
    expect((await check(file)).all).toEqual({});
    world.variables['OPENCODE_DISABLE_LSP_DOWNLOAD'] = '0';
    // not looked for again so soon
    expect((await check(file)).all).toEqual({});
    world.clock.ahead = 300_001;
    expect(Object.keys((await check(file)).all)).toEqual([file]);
    // nobody has this one
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    expect(Object.keys((await check(await world.write('a.vue', 'BAD'))).all)).toEqual([file]);
    const why = 'was found neither in the project nor in PATH, and was not installed: no package @vue/language-server';
    const end = `vue-language-server ${why}; run: npm install --global @vue/language-server`;
    expect(warn.mock.calls.flat()).toContainEqual(expect.stringMatching(new RegExp(`^vue for .*: ${end}$`)));
    warn.mockRestore();
  });

  it('is not looked for outside the project and PATH', async () => {
    world = await LspWorld.create(() => ({ lsp: { fake: { command: ['no-such-program'], extensions: ['.fake'] } } }));
    expect((await check(await world.write('a.fake', 'BAD'))).all).toEqual({});
    expect(await lsp().status(world.instance)).toEqual([]);
  });

  it('may be one of the project', async () => {
    world = await LspWorld.create();
    const command = world.fake.map((word) => `'${word}'`).join(' ');
    await world.write('node_modules/.bin/bash-language-server', `#!/bin/sh\nexec ${command}\n`, 0o755);
    const file = await world.write('scripts/a.sh', 'BAD');
    expect(Object.keys((await check(file)).all)).toEqual([file]);
  });
});

describe('a built-in server', () => {
  const others = Object.fromEntries(
    ['deno', 'typescript', 'eslint', 'biome'].map((id) => [id, { disabled: true as const }]),
  );

  it.each([
    ['--lsp', 'oxlint'],
    ['--fix', 'oxc_language_server'],
  ])('is one that says what it can do: %s', async (help, expected) => {
    world = await LspWorld.create(() => ({ lsp: others }));
    const command = world.fake.map((word) => `'${word}'`).join(' ');
    const program = (name: string) =>
      world.write(
        `node_modules/.bin/${name}`,
        `#!/bin/sh\n[ "$1" = --help ] && echo "${help}" && exit\nFAKE=${name} exec ${command}\n`,
        0o755,
      );
    await Promise.all(['oxlint', 'oxc_language_server'].map(program));
    const file = await world.write('a.ts', 'BAD');
    expect(Object.keys((await check(file)).all)).toEqual([file]);
    expect((await started()).map(({ env }) => env)).toEqual([expected]);
  });

  it('that asks the TypeScript server of an editor is told that there is none', async () => {
    world = await LspWorld.create(({ fake }) => ({
      lsp: { ...others, oxlint: { disabled: true as const }, vue: { command: fake('vue') } },
    }));
    await check(await world.write('a.vue', ''));
    const { params } = await world.heard(({ method }) => method === 'tsserver/response');
    expect(params).toEqual([[7, null]]);
  });
});

describe('questions', () => {
  const ask = async (query: Parameters<CodeQueryService['ask']>[1], file: string) =>
    queries().ask(world.instance, query, { path: file, position: { line: 4, character: 2 } }, forever);

  it('are put to the server of the file', async () => {
    await use();
    const file = await world.write('a.fake', '');
    const range = { start: { line: 0, character: 0 }, end: { line: 2, character: 1 } };
    const uri = `file://${file}`;
    expect(await ask('goToDefinition', file)).toEqual([{ uri, range }]);
    expect(await ask('findReferences', file)).toEqual([{ uri, range }]);
    expect(await ask('hover', file)).toEqual([{ contents: 'at 4' }]);
    expect(await ask('documentSymbol', file)).toMatchObject([{ name: 'outer' }]);
    expect(await ask('goToImplementation', file)).toEqual([]);
    expect(await ask('prepareCallHierarchy', file)).toMatchObject([{ name: 'f' }]);
    expect(await ask('incomingCalls', file)).toMatchObject([{ from: { name: 'f' } }]);
    expect(await ask('outgoingCalls', file)).toEqual([]);
    expect(await ask('workspaceSymbol', file)).toHaveLength(10);
    expect(await ask('hover', await world.write('a.other', ''))).toBeUndefined();
    expect(await queries().symbolAt(world.instance, file, 0, forever)).toEqual(range);
    expect(await queries().symbolAt(world.instance, file, 1, forever)).toBeUndefined();
  });

  it('may have long answers', async () => {
    await use('huge');
    const [hover] = (await ask('hover', await world.write('a.fake', ''))) as { contents: string }[];
    expect(hover?.contents).toHaveLength(20_000_000);
  });

  it('about symbols start no server', async () => {
    await use();
    expect(await queries().findSymbols(world.instance, 'x', forever)).toEqual([]);
    await check(await world.write('a.fake', ''));
    const found = await queries().findSymbols(world.instance, 'x', forever);
    expect(found.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, n) => `x${n}`));
    expect(found[0]).toEqual({
      name: 'x0',
      kind: 12,
      location: { uri: 'file:///f', range: { start: { line: 0, character: 0 }, end: { line: 2, character: 1 } } },
    });
  });

  it('are answered once, however many servers know the same', async () => {
    world = await LspWorld.create(({ fake }) => ({
      lsp: {
        one: { command: fake(), extensions: ['.fake'] },
        other: { command: fake(), extensions: ['.fake'] },
      },
    }));
    const file = await world.write('a.fake', '');
    expect(await ask('goToDefinition', file)).toHaveLength(1);
    expect(await queries().findSymbols(world.instance, 'x', forever)).toHaveLength(10);
  });
});
