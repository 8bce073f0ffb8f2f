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
  test('saves a project again in its first place', async ({ projects }) => {
    assertSame(await projects.list(), []);
    await projects.save(project('b'));
    await projects.save(project('a', { name: HOSTILE['quotes'], vcs: 'git', sandboxes: ['/x', '/y'] }));
    const again = project('b', { worktree: '/moved', time: { created: 1, updated: 2, initialized: 3 } });
    await projects.save(again);
    assertSame(
      (await projects.list()).map(({ id }) => id),
      ['b', 'a'],
    );
    assertSame(await projects.find('b'), again);
    assertSame((await projects.find('a'))?.name, HOSTILE['quotes']);
    assertSame(await projects.find('c'), undefined);
  });
}
