import { toolContract } from '#libs/extension';
import { ToolWorld } from './tool-world.fixture.js';

type Call = Record<string, unknown>;

/** Calls that work, and calls that cannot. */
const CALLS: Record<string, { input: Call; failing?: Call }> = {
  bash: { input: { command: 'echo hello', description: 'Greets' } },
  read: { input: { filePath: 'a.txt' }, failing: { filePath: 'missing.txt' } },
  glob: { input: { pattern: '*.txt' }, failing: { pattern: '*', path: 'missing' } },
  grep: { input: { pattern: 'hello' }, failing: { pattern: '(' } },
  write: { input: { filePath: 'new.txt', content: 'new' } },
  edit: {
    input: { filePath: 'b.txt', oldString: '', newString: 'made' },
    failing: { filePath: 'missing.txt', oldString: 'x', newString: 'y' },
  },
  apply_patch: {
    input: { patchText: '*** Begin Patch\n*** Add File: c.txt\n+made\n*** End Patch' },
    failing: { patchText: 'no patch' },
  },
  todowrite: { input: { todos: [{ content: 'Test', status: 'pending', priority: 'high' }] } },
};

for (const [id, { input, failing }] of Object.entries(CALLS))
  toolContract(`The built-in ${id}`, async () => {
    const world = await ToolWorld.create();
    await world.write('a.txt', 'hello\n');
    const tool = await world.registry.find(world.instance, id);
    if (!tool) throw new Error(`no tool ${id}`);
    const context = world.context();
    return { tool, input, ...(failing && { failing }), context, close: () => world.close() };
  });
