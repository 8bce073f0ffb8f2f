import { selects } from './document-selector.js';
import { WatchedFiles } from './watched-files.js';

type GlobPattern = string | { baseUri?: string | { uri?: string }; pattern?: string };

const register = (watched: WatchedFiles, id: string, globPattern: GlobPattern, kind?: number) =>
  watched.registrations.register({
    registrations: [
      { id, method: 'workspace/didChangeWatchedFiles', registerOptions: { watchers: [{ globPattern, kind }] } },
    ],
  });
const covers = (watched: WatchedFiles, path: string, type: 1 | 2 | 3 = 2) => watched.covers({ path, type });

describe('what a server wants to hear of', () => {
  it('is its language below its root, until it registers', () => {
    const watched = new WatchedFiles('/p', ['.ts', 'Dockerfile']);
    expect(covers(watched, '/p/a/b.ts')).toBe(true);
    expect(covers(watched, '/p/Dockerfile')).toBe(true);
    expect(covers(watched, '/p/a.js')).toBe(false);
    expect(covers(watched, '/other/b.ts')).toBe(false);
    expect(covers(new WatchedFiles('/p', []), '/p/anything')).toBe(true);
    watched.registrations.register({ registrations: [{ id: 'x', method: 'textDocument/hover' }] });
    expect(covers(watched, '/p/b.ts')).toBe(true);
    register(watched, '1', '**/*.json');
    expect(covers(watched, '/p/b.ts')).toBe(false);
    watched.registrations.unregister({ unregisterations: [{ id: '1', method: 'workspace/didChangeWatchedFiles' }] });
    expect(covers(watched, '/p/b.ts')).toBe(true);
  });

  it.each([
    ['**/*.{ts,js}', '/p/a.ts', true],
    ['**/*.{ts,js}', '/p/deep/er/a.js', true],
    ['*.ts', '/p/deep/a.ts', false],
    ['**', '/p/deep/a.ts', true],
    ['**/go.mod', '/p/go.mod', true],
    ['/p/a/*.ts', '/p/a/b.ts', true],
    ['/elsewhere/**', '/elsewhere/lib/a.py', true],
    [{ baseUri: 'file:///p/a%20b', pattern: '*.ts' }, '/p/a b/c.ts', true],
    [{ baseUri: 'file:///p/a%20b', pattern: '*.ts' }, '/p/c.ts', false],
    [{ baseUri: { uri: 'file:///p' }, pattern: '**/*.ts' }, '/p/q/c.ts', true],
    [{ pattern: '**/*.ts' }, '/p/q/c.ts', true],
    [{ baseUri: 'untitled:x', pattern: '**' }, '/p/c.ts', true],
    [{}, '/p/c.ts', true],
  ])('may be named by %j', (pattern, path, expected) => {
    const watched = new WatchedFiles('/p', ['.ts']);
    register(watched, '1', pattern);
    expect(covers(watched, path)).toBe(expected);
  });

  it('may be below a folder with a name like a pattern', () => {
    const watched = new WatchedFiles('/p/[x] {y}', ['.ts']);
    register(watched, '1', '**/*.ts');
    expect(covers(watched, '/p/[x] {y}/a.ts')).toBe(true);
  });

  it('may be some kinds of changes', () => {
    const watched = new WatchedFiles('/p', []);
    register(watched, '1', '**/*.ts', 1);
    register(watched, '2', '**/*.js', 6);
    expect(([1, 2, 3] as const).map((type) => covers(watched, '/p/a.ts', type))).toEqual([true, false, false]);
    expect(([1, 2, 3] as const).map((type) => covers(watched, '/p/a.js', type))).toEqual([false, true, true]);
  });
});

describe('a selector of documents', () => {
  it.each([
    [null, true],
    [[{ language: 'typescript' }], true],
    [[{ language: 'css' }], false],
    [[{ language: 'css' }, { scheme: 'file' }], true],
    [[{ scheme: 'untitled' }], false],
    [[{ pattern: '**/*.ts' }], true],
    [[{ pattern: '**/*.js' }], false],
    [[{ language: 'typescript', pattern: '**/b/*' }], false],
    [[], false],
  ])('%j', (selector, expected) => {
    expect(selects(selector, '/p/a.ts')).toBe(expected);
  });
});
