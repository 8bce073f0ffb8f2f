import { CachedList } from './cached-list.js';
import { CONNECTION_CLOSED, McpError, REQUEST_TIMEOUT } from './mcp.error.js';

/** A list whose answers the test gives, and the limits it was asked with. */
function setUp(isAnnounced: boolean, ...answers: (string[] | Error)[]) {
  const limits: number[] = [];
  const list = new CachedList<string>({
    load: async (limit) => {
      limits.push(limit);
      const answer = answers.shift() ?? new Error('asked too often');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    isAnnounced: () => isAnnounced,
    timeout: 30_000,
  });
  return { list, limits };
}
const LATE = new McpError(REQUEST_TIMEOUT, 'Request timed out');

describe('CachedList', () => {
  it('is kept until a change is announced', async () => {
    const { list } = setUp(true, ['a'], ['b']);
    expect([await list.get(), await list.get()]).toEqual([['a'], ['a']]);
    list.forget();
    expect(await list.get()).toEqual(['b']);
  });

  it('is asked for each time where none is, once for all who ask at the same time', async () => {
    const { list } = setUp(false, ['a'], ['b']);
    expect(await Promise.all([list.get(), list.get()])).toEqual([['a'], ['a']]);
    expect(await list.get()).toEqual(['b']);
  });

  it('is what it was when the server is too busy to repeat it, and that is waited for less long', async () => {
    const { list, limits } = setUp(true, ['a'], LATE, ['b']);
    await list.get();
    list.forget();
    expect(await list.get()).toEqual(['a']);
    expect(await list.get()).toEqual(['b']);
    expect(limits).toEqual([30_000, 5_000, 5_000]);
  });

  it('is unknown when the first answer does not come, or the server is gone', async () => {
    const { list } = setUp(false, LATE, ['a'], new McpError(CONNECTION_CLOSED, 'Connection closed'));
    await expect(list.get()).rejects.toBe(LATE);
    expect(await list.get()).toEqual(['a']);
    await expect(list.get()).rejects.toThrow('Connection closed');
  });
});
