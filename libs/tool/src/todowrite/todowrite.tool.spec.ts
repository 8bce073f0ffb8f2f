import { ToolWorld } from '../tool-world.fixture.js';

describe('todowrite', () => {
  let world: ToolWorld;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());

  it('replaces the list, tells, and counts what is not completed', async () => {
    const todos = [
      { content: 'a', status: 'completed', priority: 'high' },
      { content: 'b', status: 'in_progress', priority: 'low' },
      { content: 'c', status: 'cancelled', priority: 'whatever' },
    ];
    const result = await world.run('todowrite', { todos: todos.map((todo) => ({ ...todo, extra: 1 })) });
    expect(result).toEqual({
      title: '2 todos',
      output: JSON.stringify(todos, null, 2),
      metadata: { todos, truncated: false },
    });
    expect(world.asks).toEqual([{ permission: 'todowrite', patterns: ['*'], always: ['*'], metadata: {} }]);
    expect(world.events).toEqual([{ type: 'todo.updated', properties: { sessionID: 'ses_1', todos } }]);
    expect(world.todos.get('ses_1')).toEqual(todos);
    expect(await world.run('todowrite', { todos: [] })).toMatchObject({ title: '0 todos', output: '[]' });
    expect(world.todos.get('ses_1')).toEqual([]);
  });

  it('stores nothing when refused or when an entry is wrong', async () => {
    expect(await world.fail('todowrite', { todos: [{ content: 'a', status: 1, priority: 'low' }] })).toContain(
      '"status"',
    );
    world.onAsk = () => Promise.reject(new Error('no'));
    expect(await world.fail('todowrite', { todos: [] })).toBe('no');
    expect(world.todos.size).toBe(0);
  });
});
