import type { EventReader, TemporaryProject } from '../../src/testing.js';

/** Sends a request, checks status and body of the answer, and gives the body. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
type Ask = (method: string, path: string, status: number, json?: unknown) => Promise<any>;

export async function tourOfFiles(ask: Ask, project: TemporaryProject): Promise<void> {
  await project.write('a.txt', 'hello, changed');
  await project.write('b.png', 'x');
  for (const path of ['/file?path=', '/file/content?path=a.txt', '/file/content?path=b.png', '/file/content?path=x'])
    await ask('GET', path, 200);
  for (const path of ['/file/status', '/find?pattern=hello', '/find/file?query=a'])
    expect(await ask('GET', path, 200)).not.toEqual([]);
  for (const path of ['/file?path=..', '/file/content?path=..%2Fx']) await ask('GET', path, 403);

  await project.write('a.txt', 'hello');
}

export async function tourOfProjects(ask: Ask, all: EventReader): Promise<void> {
  const { id } = await ask('GET', '/project/current', 200);
  await ask('PATCH', `/project/${id}`, 200, { name: 'Tour', icon: { color: 'red' }, commands: { start: 'true' } });
  await ask('PATCH', '/project/missing', 404, { name: 'x' });
  await ask('PATCH', `/project/${id}`, 400, { name: 5 });
  const { directory } = await ask('POST', '/experimental/worktree', 200, { name: 'tour' });
  await all.next('worktree.ready');
  expect(await ask('GET', '/experimental/worktree', 200)).toEqual([directory]);
  await ask('POST', '/experimental/worktree/reset', 200, { directory });
  await ask('DELETE', '/experimental/worktree', 200, { directory });
  await ask('POST', '/experimental/worktree', 400, { name: 5 });
  await ask('POST', '/experimental/worktree/reset', 400, {});
  await ask('DELETE', '/experimental/worktree', 400, {});
  await ask('GET', '/vcs', 200);
}
