import assert from 'node:assert/strict';
import { assertSame } from './assert-same.js';
import { DuplicateIdError, type SessionQuery, type SessionStore } from '#libs/extension';
import type { ContractCase } from './contract-case.js';
import { HOSTILE, session } from './samples.js';

export function sessionContract(test: ContractCase): void {
  test('gives back what was stored, as a copy', async ({ sessions }) => {
    const stored = session('ses_a', {
      parentID: 'ses_0',
      permission: [{ permission: 'edit', pattern: '*', action: 'ask' }],
      time: { created: 1, updated: 2.5, archived: 0 },
    });
    await sessions.insert(stored);
    const expected = structuredClone(stored);
    stored.title = 'changed afterwards';
    assertSame(await sessions.find('ses_a'), expected);
    assert.equal(await sessions.find('ses_b'), undefined);
  });

  test('refuses an id twice and keeps the first', async ({ sessions }) => {
    await sessions.insert(session('ses_a'));
    await assert.rejects(sessions.insert(session('ses_a', { title: 'second' })), isDuplicateOf('ses_a'));
    assert.equal((await sessions.find('ses_a'))?.title, 'Title of ses_a');
  });

  test('updates only what is there', async ({ sessions }) => {
    assert.equal(await sessions.update('ses_a', (stored) => stored), undefined);
    assert.equal(await sessions.find('ses_a'), undefined);
    await sessions.insert(session('ses_a', { parentID: 'ses_0' }));
    const moved = session('ses_a', { projectID: 'other', directory: '/else', title: 'New', time: at(9) });
    assertSame(await sessions.update('ses_a', () => moved), moved);
    assertSame(await sessions.find('ses_a'), moved);
    assertSame(await ids(sessions, { projectID: 'project' }), []);
    assertSame(await ids(sessions, { parentID: 'ses_0' }), []);
    const query = { projectID: 'other', directory: '/else', search: 'new', start: 9, roots: true };
    assertSame(await ids(sessions, query), ['ses_a']);
  });

  test('loses no update, and changes nothing when one fails', async ({ sessions }) => {
    await sessions.insert(session('ses_a', { title: '' }));
    const add = (letter: string) =>
      sessions.update('ses_a', (stored) => ({ ...stored, title: `${stored.title}${letter}` }));
    await Promise.all([...'abcdefgh'].map(add));
    assert.equal([...((await sessions.find('ses_a'))?.title ?? '')].sort().join(''), 'abcdefgh');
    const fail = () => {
      throw new Error('on purpose');
    };
    await assert.rejects(sessions.update('ses_a', fail), /on purpose/);
    await add('i');
    assert.equal((await sessions.find('ses_a'))?.title.length, 9);
  });

  test('lists the last updated first, ties by id', async ({ sessions }) => {
    await sessions.insert(session('ses_b', { time: at(5) }));
    await sessions.insert(session('ses_c', { time: at(7) }));
    await sessions.insert(session('ses_a', { time: at(5) }));
    assertSame(await ids(sessions, {}), ['ses_c', 'ses_a', 'ses_b']);
    await sessions.update('ses_b', (stored) => ({ ...stored, time: at(8) }));
    assertSame(await ids(sessions, {}), ['ses_b', 'ses_c', 'ses_a']);
  });

  test('combines filters', async ({ sessions }) => {
    await sessions.insert(session('ses_a', { time: at(1) }));
    await sessions.insert(session('ses_b', { time: at(2), parentID: 'ses_a' }));
    await sessions.insert(session('ses_c', { time: at(3), projectID: 'other' }));
    await sessions.insert(session('ses_d', { time: at(4), directory: '/work/project/' }));
    assertSame(await ids(sessions, { projectID: 'project' }), ['ses_d', 'ses_b', 'ses_a']);
    assertSame(await ids(sessions, { directory: '/work/project' }), ['ses_c', 'ses_b', 'ses_a']);
    assertSame(await ids(sessions, { parentID: 'ses_a' }), ['ses_b']);
    assertSame(await ids(sessions, { roots: true }), ['ses_d', 'ses_c', 'ses_a']);
    assertSame(await ids(sessions, { roots: false, start: 2 }), ['ses_d', 'ses_c', 'ses_b']);
    assertSame(await ids(sessions, { projectID: 'project', roots: true, start: 2 }), ['ses_d']);
  });

  test('limits the list: absent is all, 0 is none', async ({ sessions }) => {
    for (let n = 0; n < 5; n++) await sessions.insert(session(`ses_${n}`, { time: at(n) }));
    assertSame(await ids(sessions, { limit: 2 }), ['ses_4', 'ses_3']);
    assertSame(await ids(sessions, { limit: 0 }), []);
    assert.equal((await ids(sessions, { limit: 99 })).length, 5);
    assert.equal((await ids(sessions, {})).length, 5);
  });

  test('searches titles without regard to case, and takes wildcards literally', async ({ sessions }) => {
    const titles = { ses_a: 'Fix 100% of it', ses_b: 'Fix 100 of it', ses_c: 'under_score', ses_d: 'underXscore' };
    for (const [id, title] of Object.entries(titles)) await sessions.insert(session(id, { title }));
    await sessions.insert(session('ses_e', { title: 'Ärger mit "Anführung" \\ Ende' }));
    assertSame(await ids(sessions, { search: 'FIX' }), ['ses_a', 'ses_b']);
    assertSame(await ids(sessions, { search: '0% o' }), ['ses_a']);
    assertSame(await ids(sessions, { search: 'r_s' }), ['ses_c']);
    assertSame(await ids(sessions, { search: 'ärger' }), ['ses_e']);
    assertSame(await ids(sessions, { search: '"anführung" \\' }), ['ses_e']);
    assertSame(await ids(sessions, { search: '%' }), ['ses_a']);
    assertSame(await ids(sessions, { search: '*' }), []);
    assert.equal((await ids(sessions, { search: '' })).length, 5);
  });

  for (const [kind, hostile] of Object.entries(HOSTILE)) {
    test(`stands hostile text: ${kind}`, async ({ sessions }) => {
      const stored = session('ses_a', { title: hostile, directory: `/work/${hostile.slice(0, 100).toWellFormed()}` });
      await sessions.insert(stored);
      await sessions.insert(session('ses_b', { title: 'plain' }));
      assertSame(await sessions.find('ses_a'), stored);
      assertSame(await ids(sessions, { directory: stored.directory }), ['ses_a']);
      if (hostile !== '') assertSame(await ids(sessions, { search: hostile }), ['ses_a']);
      assert.equal(await sessions.find(hostile), undefined);
    });
  }
}

/** Accepts the rejection of an id that exists. */
export function isDuplicateOf(id: string): (error: unknown) => boolean {
  return (error) => DuplicateIdError.is(error) && error.id === id;
}

async function ids(sessions: SessionStore, query: SessionQuery): Promise<string[]> {
  return (await sessions.list(query)).map((found) => found.id);
}

function at(updated: number): { created: number; updated: number } {
  return { created: 1, updated };
}
