import assert from 'node:assert/strict';
import { assertSame } from './assert-same.js';
import type { MessageWithParts } from '#libs/contract';
import type { HistoryQuery, MessageStore } from '#libs/extension';
import type { ContractCase } from './contract-case.js';
import { assistant, HOSTILE, session, text, user } from './samples.js';
import { isDuplicateOf } from './session-contract.js';

const SESSION = 'ses_a';

export function messageContract(test: ContractCase): void {
  test('gives back a message with its parts in the order of their ids', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    const info = user('msg_a', SESSION);
    await messages.insert(info, [text('prt_b', info), text('prt_a', info)]);
    const expected = { info, parts: [text('prt_a', info), text('prt_b', info)] };
    assertSame(await messages.find('msg_a'), expected);
    assertSame(await messages.list(SESSION), [expected]);
    assert.equal(await messages.has('msg_a'), true);
    assert.equal(await messages.has('msg_b'), false);
    assert.equal(await messages.find('msg_b'), undefined);
    assertSame(await messages.list('ses_other'), []);
    assert.equal(await messages.listText('ses_other'), '[]');
  });

  test('orders messages by the beginning of their turn, then by id', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    await messages.insert(user('msg_a', SESSION, 1), []);
    await messages.insert(assistant('msg_b', SESSION, 'msg_a', 2), [], 1);
    await messages.insert(user('msg_x', SESSION, 3), []);
    // an answer that comes while another question waits, and one that looks newer than it is
    await messages.insert(assistant('msg_c', SESSION, 'msg_a', 4), [], 1);
    await messages.insert(assistant('msg_z', SESSION, 'msg_a', 5), [], 1);
    await messages.insert(assistant('msg_y', SESSION, 'msg_x', 6), [], 3);
    assertSame(await ids(messages), ['msg_a', 'msg_b', 'msg_c', 'msg_z', 'msg_x', 'msg_y']);
    assertSame(await ids(messages, { limit: 3, before: 'msg_x' }), ['msg_b', 'msg_c', 'msg_z']);
    await messages.saveMessage({ ...assistant('msg_c', SESSION, 'msg_a', 4), finish: 'stop' });
    assertSame(await ids(messages, { limit: 4 }), ['msg_c', 'msg_z', 'msg_x', 'msg_y']);
  });

  test('takes a message for the beginning of a turn unless it is told', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    await messages.insert(user('msg_d', SESSION, 2), []);
    await messages.insert(user('msg_b', SESSION, 2), []);
    await messages.insert(user('msg_c', SESSION, 3), []);
    await messages.insert(user('msg_z', SESSION, 1), []);
    assertSame(await ids(messages), ['msg_z', 'msg_b', 'msg_d', 'msg_c']);
    assertSame(await ids(messages, { limit: 2 }), ['msg_d', 'msg_c']);
    assertSame(await ids(messages, { limit: 0 }), []);
    assertSame(await ids(messages, { limit: 99 }), ['msg_z', 'msg_b', 'msg_d', 'msg_c']);
  });

  test('pages backwards from a message', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    await sessions.insert(session('ses_b'));
    for (const [id, created] of Object.entries({ msg_d: 2, msg_b: 2, msg_c: 3, msg_z: 1 }))
      await messages.insert(user(id, SESSION, created), []);
    await messages.insert(user('msg_x', 'ses_b', 2), []);
    assertSame(await ids(messages, { before: 'msg_c' }), ['msg_z', 'msg_b', 'msg_d']);
    assertSame(await ids(messages, { before: 'msg_d', limit: 1 }), ['msg_b']);
    assertSame(await ids(messages, { before: 'msg_b', limit: 9 }), ['msg_z']);
    assertSame(await ids(messages, { before: 'msg_z' }), []);
    assertSame(await ids(messages, { before: 'msg_unknown' }), []);
    assertSame(await ids(messages, { before: 'msg_x' }), []);
    assert.equal(await messages.listText(SESSION, { before: 'msg_z' }), '[]');
  });

  test('inserts all or nothing', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    const first = user('msg_a', SESSION);
    await messages.insert(first, [text('prt_a', first, 'first')]);
    await assert.rejects(messages.insert({ ...first, agent: 'other' }, [text('prt_b', first)]), isDuplicateOf('msg_a'));
    const second = user('msg_b', SESSION);
    await assert.rejects(
      messages.insert(second, [text('prt_c', second), text('prt_a', second, 'second')]),
      isDuplicateOf('prt_a'),
    );
    await assert.rejects(
      messages.insert(second, [text('prt_d', second), text('prt_d', second)]),
      isDuplicateOf('prt_d'),
    );
    assert.equal(await messages.has('msg_b'), false);
    assertSame(await messages.list(SESSION), [{ info: first, parts: [text('prt_a', first, 'first')] }]);
    await messages.insert(second, [text('prt_c', second), text('prt_d', second)]);
    assertSame(await ids(messages), ['msg_a', 'msg_b']);
  });

  test('saves a message and leaves its parts alone', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    const info = assistant('msg_a', SESSION, 'msg_0');
    await messages.saveMessage(info);
    await messages.savePart(text('prt_a', info));
    const done = { ...info, cost: 0.25, finish: 'stop', time: { created: 1_000, completed: 2_000 } };
    await messages.saveMessage(done);
    assertSame(await messages.find('msg_a'), { info: done, parts: [text('prt_a', info)] });
  });

  test('saves a part again and again', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    const info = assistant('msg_a', SESSION, 'msg_0');
    await messages.insert(info, [text('prt_b', info, '')]);
    await messages.savePart(text('prt_c', info, 'c'));
    await messages.savePart(text('prt_a', info, 'a'));
    for (const piece of ['b', 'bb', 'bbb']) await messages.savePart(text('prt_b', info, piece));
    const found = await messages.find('msg_a');
    assertSame(found?.parts, [text('prt_a', info, 'a'), text('prt_b', info, 'bbb'), text('prt_c', info, 'c')]);
  });

  test('never moves a message or part to another owner', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    await sessions.insert(session('ses_b'));
    const a = user('msg_a', SESSION);
    const b = user('msg_b', 'ses_b');
    await messages.insert(a, [text('prt_a', a)]);
    await messages.insert(b, []);
    await assert.rejects(messages.savePart(text('prt_a', b)), isDuplicateOf('prt_a'));
    await assert.rejects(messages.saveMessage(user('msg_a', 'ses_b')), isDuplicateOf('msg_a'));
    await assert.rejects(messages.insert(user('msg_a', 'ses_b'), []), isDuplicateOf('msg_a'));
    assertSame(await messages.list(SESSION), [{ info: a, parts: [text('prt_a', a)] }]);
    assertSame(await messages.list('ses_b'), [{ info: b, parts: [] }]);
  });

  test('keeps later changes of the given objects out', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    const info = user('msg_a', SESSION);
    const part = text('prt_a', info, 'stored');
    await messages.insert(info, [part]);
    part.text = 'changed afterwards';
    info.agent = 'changed afterwards';
    const found = await messages.find('msg_a');
    assertSame(found, { info: user('msg_a', SESSION), parts: [text('prt_a', info, 'stored')] });
  });

  for (const [kind, hostile] of Object.entries(HOSTILE)) {
    test(`stands hostile text: ${kind}`, async ({ sessions, messages }) => {
      await sessions.insert(session(SESSION));
      const info = { ...user('msg_a', SESSION), system: hostile };
      // a part id may be any text a client sends
      const id = `prt_${hostile.slice(0, 100).toWellFormed()}`;
      const metadata = JSON.parse(`{${JSON.stringify(hostile)}: {"__proto__": ${JSON.stringify(hostile)}}}`) as object;
      const part = { ...text(id, info, hostile), metadata: { ...metadata } };
      await messages.insert(info, [part]);
      await messages.savePart(part);
      assertSame(await messages.find('msg_a'), { info, parts: [part] });
      assert.equal(await messages.listText(SESSION), JSON.stringify([{ info, parts: [part] }]));
      assert.equal(await messages.has(hostile), false);
      assert.equal(await messages.removePart(id), true);
      assertSame((await messages.find('msg_a'))?.parts, []);
    });
  }

  test('holds 2,000 messages, and its text is the JSON of its list', async ({ sessions, messages }) => {
    await sessions.insert(session(SESSION));
    const expected: MessageWithParts[] = [];
    for (let n = 0; n < 2_000; n++) {
      const info = user(`msg_${String(n).padStart(5, '0')}`, SESSION, Math.floor(n / 3));
      const parts = [text(`prt_${n}_a`, info, `é ${n}`), text(`prt_${n}_b`, info)];
      await messages.insert(info, parts);
      expected.push({ info, parts });
    }
    assert.equal(await messages.listText(SESSION), JSON.stringify(expected));
    assertSame(await messages.list(SESSION, { limit: 50 }), expected.slice(-50));
    assert.equal(await messages.listText(SESSION, { limit: 1 }), JSON.stringify(expected.slice(-1)));
    assert.equal(await messages.listText(SESSION, { limit: 0 }), '[]');
  });
}

async function ids(messages: MessageStore, query?: HistoryQuery): Promise<string[]> {
  return (await messages.list(SESSION, query)).map(({ info }) => info.id);
}
