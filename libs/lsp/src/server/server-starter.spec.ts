import type { Instance } from '#libs/instance';
import { LspWorld } from '../testing/lsp-world.fixture.js';
import { ServerMissingError } from './server-missing.error.js';
import { ServerStarter } from './server-starter.service.js';

describe('the program of a server', () => {
  let world: LspWorld;
  beforeEach(async () => {
    world = await LspWorld.create();
  });
  afterEach(() => world.close());

  it('is looked for up to the worktree, and outside git in the directory only', async () => {
    const command = world.fake.map((word) => `'${word}'`).join(' ');
    await world.write('../node_modules/.bin/above', `#!/bin/sh\nexec ${command}\n`, 0o755);
    const { instance } = world;
    const inTree = (worktree: string): Instance =>
      Object.create(instance, { worktree: { value: worktree } }) as Instance;
    const server = {
      id: 'x',
      extensions: [],
      root: { kind: 'directory' },
      commands: [{ program: 'above', args: [] }],
      source: { hint: 'get it' },
    } as const;
    const start = (worktree: string) =>
      world.module.get(ServerStarter).start(inTree(worktree), server, instance.directory, instance.signal);
    for (const worktree of [instance.directory, '/']) await expect(start(worktree)).rejects.toThrow(ServerMissingError);
    const client = await start(world.root);
    expect(client.alive).toBe(true);
    await client.stop();
  });
});
