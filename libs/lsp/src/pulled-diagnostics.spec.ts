import { EventBus } from '#libs/event';
import { LspService } from './lsp.service.js';
import { LspWorld, until } from './testing/lsp-world.fixture.js';

let world: LspWorld;
afterEach(() => world.close());

const use = async (...modes: string[]) => {
  world = await LspWorld.create(({ fake }) => ({ lsp: { fake: { command: fake(...modes), extensions: ['.fake'] } } }));
};
const check = (...paths: string[]) =>
  world.module.get(LspService).check(world.instance, paths, new AbortController().signal);
const asked = async () => (await world.log()).filter(({ method }) => method === 'textDocument/diagnostic');
const heardOf = () =>
  world.events.filter(({ type }) => type === 'lsp.client.diagnostics').map(({ properties }) => properties);

describe('a server that has to be asked for diagnostics', () => {
  it.each([[['pull']], [['register']], [['pull', 'busy']], [['pull', 'both']]])('is asked (%s)', async (modes) => {
    await use(...modes);
    const file = await world.write('a.fake', 'BAD');
    expect((await check(file)).ofFile(file)).toContain('ERROR [1:1] BAD found');
    expect(heardOf()).toContainEqual({ path: file, serverID: 'fake' });
    await world.write('a.fake', 'fine');
    expect((await check(file)).ofFile(file)).toBe('');
    await world.write('a.fake', ' BAD and BAD');
    // not once for each way of saying it, if it has two
    expect((await check(file)).ofFile(file).match(/ERROR \[1:2\] BAD found/g)).toHaveLength(1);
  });

  it('is told what it said before, and may say that this holds', async () => {
    await use('pull');
    const [file, other] = [await world.write('a.fake', 'BAD'), await world.write('b.fake', '')];
    await check(file);
    await check(other);
    await world.heard(({ params }) => typeof params?.['previousResultId'] === 'string');
    const before = heardOf().length;
    await world.write('b.fake', '\n');
    const report = await check(other);
    expect(report.ofProject(other)).toContain(`in other files:\n<diagnostics file="${file}">\nERROR [1:1] BAD found`);
    // nothing new of the first file; an event that comes again at once is told a moment later
    await until(() => heardOf().length > before, 'it is told');
    expect(heardOf().slice(before)).toEqual([{ path: other, serverID: 'fake' }]);
  });

  it.each([[['pull']], [['pull', 'related']]])('tells what a change of one file does to others (%s)', async (modes) => {
    await use(...modes);
    const [near, far] = [await world.write('near.fake', 'NEAR'), await world.write('far.fake', '')];
    expect((await check(near)).all).toEqual({});
    await check(far);
    await world.write('far.fake', 'FAR');
    expect((await check(far)).ofProject(far)).toContain(`<diagnostics file="${near}">\nERROR [1:1] BAD found`);
    await world.write('far.fake', 'no more');
    expect((await check(far)).all).toEqual({});
  });

  it('is asked when it knows all the files that changed', async () => {
    await use('pull');
    const [near, far] = [world.path('near.fake'), world.path('far.fake')];
    // takes long to be read
    const padding = `${'-'.repeat(99)}\n`.repeat(30_000);
    await world.write('near.fake', 'NEAR');
    await world.write('far.fake', `FAR\n${padding}`);
    expect((await check(near, far)).ofFile(near)).toContain('ERROR [1:1] BAD found');
    // one that did not change itself
    await world.write('far.fake', 'no more');
    expect((await check(near, far)).ofFile(near)).toBe('');
    // by somebody else, just before
    await world.write('far.fake', `FAR\n${padding}`);
    await world.write('near.fake', 'NEAR \n');
    expect((await check(near)).ofFile(near)).toContain('ERROR [1:1] BAD found');
  });

  it('is not believed about files that it was not shown for long', async () => {
    await use('pull');
    const file = await world.write('a.fake', 'BAD');
    await check(file);
    const names = Array.from({ length: 256 }, (_, n) => `${n}.fake`);
    const others = await Promise.all(names.map((name) => world.write(name, '')));
    expect((await check(...others)).all).toEqual({});
    // nor is it reminded of what it said
    expect(Object.keys((await check(file)).all)).toEqual([file]);
  });

  it('is asked again when it says that everything may be different', async () => {
    await use('pull', 'refresh');
    const near = await world.write('near.fake', 'BAD');
    await check(near);
    const count = (await asked()).length;
    const file = await world.write('new.json', '{}');
    world.module.get(EventBus).publish(world.instance, 'file.watcher.updated', { file, event: 'add' });
    await until(async () => (await asked()).length > count, 'it is asked');
  });

  it('may refuse', async () => {
    await use('pull', 'grumpy');
    const file = await world.write('a.fake', 'BAD');
    // would not end in the time of a test
    world.diagnosticsLimit = 1_000_000;
    for (let i = 0; i < 10; i++) {
      await world.write('a.fake', `BAD ${i}`);
      expect((await check(file)).all).toEqual({});
    }
    expect(await asked()).toHaveLength(10);
  });

  it('may register anew, and is asked as it says then', async () => {
    await use('register');
    const file = await world.write('a.fake', '');
    await check(file);
    await world.write('a.fake', 'BAD');
    await check(file);
    const last = () => asked().then((list) => list.at(-1)?.params?.['identifier']);
    await until(async () => (await last()) === 'asked 3', 'it is asked in the new way');
    const before = (await asked()).length;
    await world.write('a.fake', 'BAD again');
    await check(file);
    const identifiers = (await asked()).slice(before).map(({ params }) => params?.['identifier']);
    expect(new Set(identifiers)).toEqual(new Set(['asked 3']));
  });

  it('about files that did not change is waited for half a second at most', async () => {
    await use('pull');
    const hanging = await world.write('hanging.fake', 'HANG');
    world.diagnosticsLimit = 100;
    await check(hanging);
    world.diagnosticsLimit = 1_000_000;
    const file = await world.write('a.fake', 'BAD');
    expect((await check(file)).ofFile(file)).toContain('ERROR [1:1] BAD found');
  });

  it('is asked about many files at once', async () => {
    await use('pull');
    const names = Array.from({ length: 50 }, (_, n) => `${n}.fake`);
    const files = await Promise.all(names.map((name) => world.write(name, 'BAD')));
    expect(Object.keys((await check(...files)).all).sort()).toEqual([...files].sort());
    expect(await asked()).toHaveLength(50);
  });

  it('is shown what was read and asked, without being waited for', async () => {
    await use('pull');
    const file = await world.write('a.fake', 'BAD');
    world.module.get(LspService).touch(world.instance, file);
    await until(() => heardOf().length > 0, 'it has spoken');
    expect(heardOf()).toEqual([{ path: file, serverID: 'fake' }]);
  });
});
