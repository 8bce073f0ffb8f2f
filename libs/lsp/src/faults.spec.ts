import { LspService } from './lsp.service.js';
import { alive, LspWorld, until } from './testing/lsp-world.fixture.js';

let world: LspWorld;
afterEach(() => world.close());

const use = async (...modes: string[]) => {
  world = await LspWorld.create(({ fake }) => ({ lsp: { fake: { command: fake(...modes), extensions: ['.fake'] } } }));
};
const lsp = () => world.module.get(LspService);
const check = (...paths: string[]) => lsp().check(world.instance, paths, new AbortController().signal);
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
    await until(async () => (await check(file)).all[file]?.length === 200, 'it has said everything');
    const report = await check(file);
    expect(Object.values(report.all).flat().length).toBeLessThanOrEqual(700);
    expect(report.ofFile(file).match(/ERROR/g)).toHaveLength(20);
    // each file is told of, the one with thousands of lists a few times
    const told = world.events.map(({ properties }) => (properties as { path?: string }).path);
    expect(new Set(told).size).toBeGreaterThan(9999);
    expect(told.filter((path) => path === file).length).toBeLessThan(1000);
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
