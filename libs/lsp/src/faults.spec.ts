import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventBus } from '#libs/event';
import { LspService } from './lsp.service.js';
import { CodeQueryService } from './query/code-query.service.js';
import { alive, LspWorld, until } from './testing/lsp-world.fixture.js';

let world: LspWorld;
afterEach(() => world.close());
afterEach(() => jest.restoreAllMocks());

const use = async (...modes: string[]) => {
  world = await LspWorld.create(({ fake }) => ({ lsp: { fake: { command: fake(...modes), extensions: ['.fake'] } } }));
};
const lsp = () => world.module.get(LspService);
const check = (...paths: string[]) => lsp().check(world.instance, paths, new AbortController().signal);
const queries = () => world.module.get(CodeQueryService);
const forever = new AbortController().signal;
const started = async () => (await world.log()).filter(({ start }) => start !== undefined);
const { setTimeout } = globalThis;
/** Waits of this many milliseconds are over soon. */
function hasten(limit: number): void {
  const sooner = (act: () => void, milliseconds?: number) =>
    setTimeout(act, milliseconds === limit ? 50 : milliseconds);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(sooner);
}
const opened = async () => {
  const documents = (await world.log()).flatMap(({ method, params }) =>
    method === 'textDocument/didOpen' ? [params?.['textDocument']] : [],
  );
  return documents as { uri: string; text: string }[];
};

describe('a server that says too much', () => {
  it('about files is listened to within bounds', async () => {
    await use();
    const file = await world.write('a.fake', 'STORM');
    await check(file);
    const told = () => world.events.map(({ properties }) => (properties as { path?: string }).path);
    await until(() => told().includes(`${file}.5099`), 'it has said almost everything');
    await until(async () => (await check(file)).all[file]?.length === 200, 'it has said everything');
    const report = await check(file);
    expect(Object.values(report.all).flat().length).toBeLessThanOrEqual(700);
    expect(report.ofFile(file).match(/ERROR/g)).toHaveLength(20);
    // each file is told of, the one with thousands of lists a few times
    expect(new Set(told()).size).toBeGreaterThan(5099);
    expect(told().filter((path) => path === file).length).toBeLessThan(1000);
    // one that is gone is forgotten
    const [, gone] = Object.keys(report.all);
    world.module.get(EventBus).publish(world.instance, 'file.watcher.updated', { file: gone!, event: 'unlink' });
    expect(Object.keys((await check(file)).all)).not.toContain(gone);
  });

  it('that is no message is given up', async () => {
    await use('chatter');
    expect((await check(await world.write('a.fake', 'BAD'))).all).toEqual({});
    await until(async () => (await lsp().status(world.instance))[0]?.status === 'error', 'it is given up');
    for (const { start } of await world.log()) await until(() => !alive(start!), 'it has ended');
  });

  it('that makes no sense is not believed', async () => {
    await use();
    const file = await world.write('a.fake', 'ODD');
    const { all } = await check(file);
    expect(Object.keys(all)).toEqual([file]);
    expect(all[file]).toHaveLength(2);
  });
});

describe('a bad server', () => {
  it('that never answers holds nobody up for longer than it may', async () => {
    await use('mute');
    const file = await world.write('a.fake', 'BAD');
    const controller = new AbortController();
    const report = lsp().check(world.instance, [file], controller.signal);
    await world.heard(({ method }) => method === 'initialize');
    controller.abort();
    expect((await report).all).toEqual({});
    // nor does anybody who comes ten seconds after it was started
    world.clock.ahead = 10_001;
    expect((await check(file)).all).toEqual({});
    // it may still start
    expect(await lsp().status(world.instance)).toEqual([]);
  });

  it('that never answers is given up after 45 seconds', async () => {
    await use('mute');
    hasten(45_000);
    expect((await check(await world.write('a.fake', 'BAD'))).all).toEqual({});
    expect(await lsp().status(world.instance)).toEqual([{ id: 'fake', name: 'fake', root: '', status: 'error' }]);
    for (const { start } of await started()) expect(alive(start!)).toBe(false);
  });

  it('that starts late is shown what nobody waits for any more', async () => {
    await use('slow');
    const file = await world.write('a.fake', 'BAD');
    const controller = new AbortController();
    const report = lsp().check(world.instance, [file], controller.signal);
    await world.heard(({ method }) => method === 'initialize');
    controller.abort();
    expect((await report).all).toEqual({});
    await world.write('go', '');
    const { params } = await world.heard(({ method }) => method === 'textDocument/didOpen');
    expect(params).toMatchObject({ textDocument: { text: 'BAD' } });
  });

  it('that does not read what it is sent is given up', async () => {
    await use('blind');
    const content = 'x'.repeat(4_000_000);
    const files = await Promise.all(Array.from({ length: 20 }, (_, n) => world.write(`${n}.fake`, content)));
    expect((await check(...files)).all).toEqual({});
    await until(async () => (await lsp().status(world.instance))[0]?.status === 'error', 'it is given up');
  });

  it('that does not start is not tried again before its time', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    await use('refuse');
    const file = await world.write('a.fake', 'BAD');
    expect((await check(file)).all).toEqual({});
    await check(file);
    expect(await started()).toHaveLength(1);
    expect(await lsp().status(world.instance)).toEqual([{ id: 'fake', name: 'fake', root: '', status: 'error' }]);
    world.clock.ahead = 5_001;
    await check(file);
    expect(await started()).toHaveLength(2);
    world.clock.ahead = 10_002;
    await check(file);
    expect(await started()).toHaveLength(2);
    // the reason was the same
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^fake for .*: it ended with code 3: no licence$/)]]);
  });

  it('that dies is seen to, and comes back', async () => {
    await use();
    const file = await world.write('a.fake', 'BAD');
    await check(file);
    await world.write('a.fake', 'DIE');
    expect((await check(file)).all).toEqual({});
    expect(await lsp().status(world.instance)).toEqual([{ id: 'fake', name: 'fake', root: '', status: 'error' }]);
    expect(world.events.filter(({ type }) => type === 'lsp.updated')).toHaveLength(2);
    await world.write('a.fake', 'BAD again');
    world.clock.ahead = 5_001;
    expect(Object.keys((await check(file)).all)).toEqual([file]);
    expect(await lsp().status(world.instance)).toMatchObject([{ status: 'connected' }]);
    // after it worked for long its failures do not count any more
    world.clock.ahead += 300_001;
    await world.write('a.fake', 'DIE');
    await check(file);
    await world.write('a.fake', 'BAD');
    world.clock.ahead += 5_001;
    expect(Object.keys((await check(file)).all)).toEqual([file]);
  });

  it('that lives on but closed its output is ended, and comes back', async () => {
    await use();
    const file = await world.write('a.fake', 'SHUT');
    await check(file);
    await until(async () => (await lsp().status(world.instance))[0]?.status === 'error', 'it is given up');
    for (const { start } of await started()) await until(() => !alive(start!), `${start} has ended`);
    await world.write('a.fake', 'BAD');
    world.clock.ahead = 5_001;
    expect(Object.keys((await check(file)).all)).toEqual([file]);
  });

  it.each(['flood', 'garbage'])('that writes too much (%s) disturbs nobody', async (mode) => {
    await use(mode);
    const file = await world.write('a.fake', 'BAD');
    expect((await check(file)).ofFile(file) === '').toBe(mode === 'garbage');
  });

  it('that says first what it thought of the text before is waited for', async () => {
    await use('late');
    const file = await world.write('a.fake', 'fine');
    await check(file);
    await world.write('a.fake', 'BAD');
    expect((await check(file)).ofFile(file)).toContain('ERROR [1:1] BAD found');
  });

  it('that says nothing is waited for once', async () => {
    await use('silent');
    const file = await world.write('a.fake', 'BAD');
    world.diagnosticsLimit = 100;
    expect((await check(file)).all).toEqual({});
    // would not end in the time of a test
    world.diagnosticsLimit = 1_000_000;
    for (let i = 0; i < 20; i++) await check(file);
  });

  it('that is stuck has its time, and hears that nobody waits any more', async () => {
    await use('stuck');
    const file = await world.write('a.fake', '');
    await check(file);
    hasten(10_000);
    const place = { path: file, position: { line: 0, character: 0 } };
    await expect(queries().ask(world.instance, 'hover', place, forever)).rejects.toThrow(
      'textDocument/hover took longer than 10000 ms',
    );
    await world.heard(({ cancelled }) => cancelled === 'textDocument/hover');
    hasten(5000);
    expect(await queries().findSymbols(world.instance, 'x', forever)).toEqual([]);
    await world.heard(({ cancelled }) => cancelled === 'workspace/symbol');
  });

  it.each([['mortal'], ['stuck']])('that is %s when asked gives an error', async (mode) => {
    await use(mode);
    const file = await world.write('a.fake', '');
    const controller = new AbortController();
    const answer = queries().ask(
      world.instance,
      'hover',
      { path: file, position: { line: 0, character: 0 } },
      controller.signal,
    );
    const expected = mode === 'stuck' ? 'enough' : 'it ended with code 1';
    const failure = expect(answer).rejects.toThrow(expected);
    await world.heard(({ method }) => method === 'textDocument/hover');
    if (mode === 'stuck') controller.abort(new Error('enough'));
    await failure;
  });
});

describe('files', () => {
  it('may have any name', async () => {
    await use();
    const names = [
      'a b.fake',
      'a#b.fake',
      '50%.fake',
      'a%20b.fake',
      'é 日本 🙂.fake',
      '[a](b){c}&=?+;.fake',
      "a'b\\c.fake",
    ];
    for (const name of names) {
      const file = await world.write(`deep er/${name}`, 'BAD');
      expect((await check(file)).ofFile(file)).toContain(`<diagnostics file="${file}">\nERROR [1:1] BAD found`);
    }
  });

  it('are shown as an editor shows them', async () => {
    await use();
    const file = await world.write('a.fake', '\ufeffBAD\r\nBAD\r\n');
    expect((await check(file)).ofFile(file)).toContain('ERROR [1:1] BAD found\nERROR [2:1]');
    expect((await opened())[0]!.text).toBe('BAD\r\nBAD\r\n');
  });

  it('that no editor shows are not shown', async () => {
    await use();
    const large = await world.write('large.fake', 'BAD\n'.repeat(1_048_577));
    const binary = await world.write('binary.fake', 'BAD\0');
    const gone = world.path('gone.fake');
    expect((await check(large, binary, gone, world.path(''))).all).toEqual({});
    expect(await opened()).toEqual([]);
    // nor when they become so
    await world.write('gone.fake', 'BAD');
    expect(Object.keys((await check(gone)).all)).toEqual([gone]);
    await world.write('gone.fake', '\0');
    expect((await check(gone)).all).toEqual({});
    await world.heard(({ method }) => method === 'textDocument/didClose');
  });

  it('that others changed are shown before the next question', async () => {
    await use();
    const [one, other] = [await world.write('one.fake', 'BAD'), await world.write('other.fake', '')];
    await check(one, other);
    await world.write('one.fake', 'no longer');
    expect((await check(other)).all).toEqual({});
  });

  it('of two projects in one tree have a server each', async () => {
    world = await LspWorld.create(({ fake }) => ({ lsp: { gopls: { command: fake() } } }));
    for (const name of ['a', 'b/deep']) await world.write(`${name}/go.mod`, '');
    const files = await Promise.all(
      ['a/x.go', 'a/y/z.go', 'b/deep/x.go', 'top.go'].map((name) => world.write(name, 'BAD')),
    );
    expect(Object.keys((await check(...files)).all).sort()).toEqual([...files].sort());
    const roots = (await lsp().status(world.instance)).map(({ root }) => root);
    expect(roots.sort()).toEqual(['', 'a', 'b/deep']);
  });
});
