import assert from 'node:assert/strict';
import { assertSame } from './assert-same.js';
import { MissingOwnerError } from '../missing-owner.error.js';
import type { ContractCase } from './contract-case.js';
import { session, text, user } from './samples.js';

export function removalContract(test: ContractCase): void {
  test('removes a session with its messages, parts and todos only', async ({ sessions, messages, todos }) => {
    for (const id of ['ses_a', 'ses_b']) {
      await sessions.insert(session(id));
      const info = user(`msg_${id}`, id);
      await messages.insert(info, [text(`prt_${id}`, info)]);
      await todos.replace(id, [{ content: 'task', status: 'pending', priority: 'low' }]);
    }
    assert.equal(await sessions.remove('ses_a'), true);
    assert.equal(await sessions.remove('ses_a'), false);
    assert.equal(await sessions.find('ses_a'), undefined);
    assert.equal(await messages.has('msg_ses_a'), false);
    assert.equal(await messages.removePart('prt_ses_a'), false);
    assert.equal(await messages.listText('ses_a'), '[]');
    assertSame(await todos.list('ses_a'), []);
    assert.equal((await messages.list('ses_b'))[0]?.parts.length, 1);
    assert.equal((await todos.list('ses_b')).length, 1);
  });

  test('gives a session that is made anew nothing of the old one', async ({ sessions, messages, todos }) => {
    await sessions.insert(session('ses_a'));
    const info = user('msg_a', 'ses_a');
    await messages.insert(info, [text('prt_a', info)]);
    await sessions.remove('ses_a');
    await sessions.insert(session('ses_a'));
    assertSame(await messages.list('ses_a'), []);
    assertSame(await todos.list('ses_a'), []);
    await messages.insert(info, [text('prt_a', info)]);
    assert.equal((await messages.list('ses_a')).length, 1);
  });

  test('removes a message with its parts, and a part alone', async ({ sessions, messages }) => {
    await sessions.insert(session('ses_a'));
    const info = user('msg_a', 'ses_a');
    await messages.insert(info, [text('prt_a', info), text('prt_b', info)]);
    assert.equal(await messages.removePart('prt_a'), true);
    assert.equal(await messages.removePart('prt_a'), false);
    assertSame(await messages.find('msg_a'), { info, parts: [text('prt_b', info)] });
    assert.equal(await messages.removeMessage('msg_a'), true);
    assert.equal(await messages.removeMessage('msg_a'), false);
    assert.equal(await messages.find('msg_a'), undefined);
    assert.equal(await messages.removePart('prt_b'), false);
  });

  test('does not bring back what belongs to a removed session', async ({ sessions, messages, todos }) => {
    await sessions.insert(session('ses_a'));
    const info = user('msg_a', 'ses_a');
    await messages.insert(info, []);
    await sessions.remove('ses_a');
    await assert.rejects(messages.savePart(text('prt_a', info)), isMissing('msg_a'));
    await assert.rejects(messages.saveMessage(info), isMissing('ses_a'));
    await assert.rejects(messages.insert(user('msg_b', 'ses_a'), []), isMissing('ses_a'));
    await assert.rejects(todos.replace('ses_a', []), isMissing('ses_a'));
    assert.equal(await sessions.update('ses_a', (stored) => stored), undefined);
    assert.equal(await messages.has('msg_a'), false);
    assertSame(await messages.list('ses_a'), []);
  });

  test('does not bring back a removed message, except by inserting it anew', async ({ sessions, messages }) => {
    await sessions.insert(session('ses_a'));
    const info = user('msg_a', 'ses_a');
    await messages.insert(info, [text('prt_a', info)]);
    await messages.removeMessage('msg_a');
    await assert.rejects(messages.savePart(text('prt_a', info)), isMissing('msg_a'));
    await assert.rejects(messages.saveMessage(info), isMissing('msg_a'));
    assertSame(await messages.list('ses_a'), []);
    await messages.insert(info, []);
    await messages.saveMessage({ ...info, agent: 'plan' });
    assertSame(await messages.list('ses_a'), [{ info: { ...info, agent: 'plan' }, parts: [] }]);
  });

  test('refuses parts of a message that is not there', async ({ sessions, messages }) => {
    await sessions.insert(session('ses_a'));
    await sessions.insert(session('ses_b'));
    const info = user('msg_a', 'ses_a');
    await messages.insert(info, []);
    const other = user('msg_b', 'ses_a');
    await assert.rejects(messages.savePart(text('prt_a', other)), isMissing('msg_b'));
    await assert.rejects(messages.savePart({ ...text('prt_a', info), sessionID: 'ses_b' }), isMissing('msg_a'));
    await assert.rejects(messages.insert(other, [text('prt_a', info)]), isMissing('msg_a'));
    assertSame(await messages.list('ses_a'), [{ info, parts: [] }]);
  });
}

function isMissing(owner: string): (error: unknown) => boolean {
  return (error) => MissingOwnerError.is(error) && error.owner === owner;
}
