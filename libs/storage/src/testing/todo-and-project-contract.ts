import { assertSame } from './assert-same.js';
import type { ContractCase } from './contract-case.js';
import { HOSTILE, project, session } from './samples.js';

export function todoContract(test: ContractCase): void {
  test('replaces the whole list and keeps its order', async ({ sessions, todos }) => {
    await sessions.insert(session('ses_a'));
    assertSame(await todos.list('ses_a'), []);
    const list = Object.values(HOSTILE).map((content) => ({ content, status: 'pending', priority: 'high' }));
    await todos.replace('ses_a', list);
    assertSame(await todos.list('ses_a'), list);
    await todos.replace('ses_a', list.slice(2, 4).reverse());
    assertSame(await todos.list('ses_a'), list.slice(2, 4).reverse());
    await todos.replace('ses_a', []);
    assertSame(await todos.list('ses_a'), []);
    assertSame(await todos.list('ses_other'), []);
  });
}

export function projectContract(test: ContractCase): void {
  test('stores a project again in its first place', async ({ projects }) => {
    assertSame(await projects.list(), []);
    await projects.update('b', () => project('b'));
    const named = project('a', { name: HOSTILE['quotes'], vcs: 'git', sandboxes: ['/x', '/y'] });
    await projects.update('a', (stored) => (stored ? undefined : named));
    const again = project('b', { worktree: '/moved', time: { created: 1, updated: 2, initialized: 3 } });
    assertSame(await projects.update('b', () => again), again);
    assertSame(
      (await projects.list()).map(({ id }) => id),
      ['b', 'a'],
    );
    assertSame(await projects.find('b'), again);
    assertSame((await projects.find('a'))?.name, HOSTILE['quotes']);
    assertSame(await projects.update('c', (stored) => stored), undefined);
    assertSame(await projects.find('c'), undefined);
  });

  test('loses no update of a project', async ({ projects }) => {
    const add = (path: string) =>
      projects.update('a', (stored = project('a', { sandboxes: [] })) => ({
        ...stored,
        sandboxes: [...stored.sandboxes, path],
      }));
    await Promise.all(['/a', '/b', '/c', '/d'].map(add));
    assertSame((await projects.find('a'))?.sandboxes.sort(), ['/a', '/b', '/c', '/d']);
  });
}
