import { mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Auth } from '#libs/contract';
import type { CredentialStore } from './credential-store.port.js';
import { FileCredentialStore } from './file-credential-store.adapter.js';
import { MemoryCredentialStore } from './memory-credential-store.adapter.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credentials-'));
  path = join(folder, 'data', 'auth.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const twice = (store: CredentialStore): [CredentialStore, CredentialStore] => [store, store];
const api = (key: string) => ({ type: 'api' as const, key });

describe.each<[string, () => CredentialStore]>([
  ['file', () => new FileCredentialStore(path)],
  ['memory', () => new MemoryCredentialStore()],
])('a store in %s', (_, create) => {
  it('keeps entries of every kind in the order of their first writing', async () => {
    const store = create();
    expect([...(await store.list())]).toEqual([]);
    const login = { type: 'oauth' as const, refresh: 'r', access: 'a', expires: 5, accountId: 'me' };
    const url = 'https://example.test';
    await store.set('b', api('1'));
    await store.set(url, { type: 'wellknown', key: 'TOKEN', token: 't' });
    await store.set('__proto__', api('3'));
    await store.set('b', login);
    expect([...(await store.list()).keys()]).toEqual(['b', url, '__proto__']);
    expect(await store.find('b')).toEqual(login);
    expect(await store.find('constructor')).toBeUndefined();
  });

  it('removes an entry, and does not mind one that is not there', async () => {
    const store = create();
    await store.set('a', api('1'));
    await store.remove('nope');
    await store.remove('a');
    expect(await store.find('a')).toBeUndefined();
  });

  it('counts changes', async () => {
    const store = create();
    await store.list();
    const before = store.version;
    await store.set('a', api('1'));
    const after = store.version;
    expect(after).toBeGreaterThan(before);
    await store.list();
    await store.remove('nope');
    expect(store.version).toBe(after);
  });
});

describe.each<[string, () => [CredentialStore, CredentialStore]]>([
  ['two processes', () => [new FileCredentialStore(path), new FileCredentialStore(path)]],
  ['one process', () => twice(new FileCredentialStore(path))],
  ['memory', () => twice(new MemoryCredentialStore())],
])('a login that is renewed in %s', (_, create) => {
  const login = (name: string) => ({ type: 'oauth' as const, refresh: `r-${name}`, access: name, expires: 5 });
  let one: CredentialStore;
  let other: CredentialStore;
  let calls: string[];
  beforeEach(async () => {
    [one, other] = create();
    calls = [];
    await one.set('a', login('old'));
  });

  it('is renewed by one after the other, each with what is stored then', async () => {
    const begun = Promise.withResolvers<undefined>();
    const answer = Promise.withResolvers<Auth>();
    const first = one.renew('a', (stored) => {
      calls.push(`first ${JSON.stringify(stored)}`);
      begun.resolve(undefined);
      return answer.promise;
    });
    await begun.promise;
    const second = other.renew('a', async (stored) => {
      calls.push(`second ${JSON.stringify(stored)}`);
      return undefined;
    });
    // others wait for nobody
    await other.set('b', api('1'));
    await other.renew('b', async () => api('2'));
    answer.resolve(login('new'));
    expect(await Promise.all([first, second])).toEqual([login('new'), login('new')]);
    expect(calls).toEqual([`first ${JSON.stringify(login('old'))}`, `second ${JSON.stringify(login('new'))}`]);
    expect(await other.find('b')).toEqual(api('2'));
  });

  it('stays what others make of it meanwhile, and gone when they remove it', async () => {
    const renewed = one.renew('a', async () => {
      await other.set('a', login('of another'));
      return login('new');
    });
    expect(await renewed).toEqual(login('of another'));
    const removed = one.renew('a', async () => {
      await other.remove('a');
      return login('new');
    });
    expect(await removed).toBeUndefined();
    expect((await other.list()).size).toBe(0);
    expect(await one.renew('a', () => Promise.reject(new Error('never asked')))).toBeUndefined();
  });

  it('stays as it is when it cannot be renewed', async () => {
    await expect(one.renew('a', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await other.renew('a', async () => login('new'))).toEqual(login('new'));
  });
});

describe('the file', () => {
  it('is pretty JSON for its owner only, whatever it was before', async () => {
    const store = new FileCredentialStore(path);
    await store.set('a', api('1'));
    await writeFile(path, await readFile(path), { mode: 0o644 });
    await store.set('b', api('2'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toBe(JSON.stringify({ a: api('1'), b: api('2') }, null, 2));
  });

  it('does not show what is no credential, and leaves it alone', async () => {
    const store = new FileCredentialStore(path);
    await store.set('a', api('1'));
    const others = { b: { type: 'api' }, c: 7, a: { type: 'api', key: '1', extra: true } };
    await writeFile(path, JSON.stringify(others));
    expect([...(await store.list())]).toEqual([['a', api('1')]]);
    await store.set('d', api('2'));
    await store.remove('c');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ a: others.a, b: others.b, d: api('2') });
  });

  it.each(['broken', '["a"]'])('keeps a copy of what is no JSON object: %s', async (text) => {
    const store = new FileCredentialStore(path);
    await store.set('a', api('1'));
    await writeFile(path, text);
    expect((await store.list()).size).toBe(0);
    await store.set('b', api('2'));
    expect([...(await store.list())]).toEqual([['b', api('2')]]);
    expect(await readFile(`${path}.broken`, 'utf8')).toBe(text);
    expect((await stat(`${path}.broken`)).mode & 0o777).toBe(0o600);
  });

  it('notices what others wrote', async () => {
    const store = new FileCredentialStore(path);
    await store.set('a', api('1'));
    const before = store.version;
    await new FileCredentialStore(path).set('b', api('2'));
    expect([...(await store.list()).keys()]).toEqual(['a', 'b']);
    expect(store.version).toBeGreaterThan(before);
  });

  it('loses nothing when many write at once, and leaves nothing else behind', async () => {
    const stores = [new FileCredentialStore(path), new FileCredentialStore(path)];
    const ids = Array.from({ length: 20 }, (_, index) => `p${index}`);
    await Promise.all(ids.map((id, index) => stores[index % 2]!.set(id, api(id))));
    expect([...(await stores[0]!.list()).keys()].sort()).toEqual([...ids].sort());
    expect(await readdir(join(folder, 'data'))).toEqual(['auth.json']);
  });

  it('takes over a lock that a crashed writer left', async () => {
    const store = new FileCredentialStore(path);
    await store.set('a', api('1'));
    await writeFile(`${path}.lock`, '');
    await utimes(`${path}.lock`, 1, 1);
    await store.set('b', api('2'));
    expect((await store.list()).size).toBe(2);
  });

  it('that is a link keeps being one', async () => {
    await new FileCredentialStore(join(folder, 'real.json')).set('a', api('1'));
    const link = join(folder, 'link.json');
    await symlink(join(folder, 'real.json'), link);
    await new FileCredentialStore(link).set('b', api('2'));
    expect(Object.keys(JSON.parse(await readFile(join(folder, 'real.json'), 'utf8')) as object)).toEqual(['a', 'b']);
  });
});
