import fuzzysort from 'fuzzysort';
import { fuzzySearch } from './fuzzy-search.js';
import { PathSet } from './path-set.js';

const WORDS = 'core user session Model provider auth file searchIndex token_stream worker client config parse'.split(
  ' ',
);
const ENDS = ['.ts', '.spec.ts', '.md', '', 'Éa.txt'];

/** Many paths that are alike, always the same ones. */
function* paths(count: number): Generator<string> {
  let state = 7;
  const word = () => WORDS[(state = (state * 48271) % 0x7fffffff) % WORDS.length] as string;
  for (let index = 0; index < count; index++) {
    const folders = Array.from({ length: index % 4 }, word);
    yield [...folders, `${word()}-${word()}${index}${ENDS[index % ENDS.length]}`].join('/');
  }
}

describe('fuzzySearch', () => {
  const all = [...paths(5_000)];
  const set = new PathSet();
  for (const path of all) set.add(path);

  it.each([
    ...['a', 'c', 'co', 'ses', 'session', 'sessionprov', 'sp', 'csm.ts', 'core/user', 'user core', 'spec ts 12', 'eue'],
    ...['4999', 'SEARCH', 'si', 'ea.txt', 'É', 'token_', 'x'.repeat(300), 'modelmodel', 'z', '.md'],
  ])('ranks as fuzzysort does: %s', async (query) => {
    const expected = fuzzysort.go(query, all, { limit: 10 }).map(({ score }) => score);
    const found = await fuzzySearch([set], query, 10);
    expect(found.map((path) => fuzzysort.single(query, path)?.score)).toEqual(expected);
  });

  it('searches several sets, and what is left of one', async () => {
    const other = new PathSet();
    for (const path of ['one/', 'one/two/', 'three/']) other.add(path);
    other.remove((path) => path === 'one/');
    other.add('one/more/');
    expect([other.size, other.all]).toEqual([3, ['one/two/', 'three/', 'one/more/']]);
    expect([...other.among(new Set(['three/', 'one/']))]).toEqual(['three/']);
    expect((await fuzzySearch([set, other], 'one/', 2)).sort()).toEqual(['one/more/', 'one/two/']);
    expect(await fuzzySearch([other], 'two', 10)).toEqual(['one/two/']);
  });
});
