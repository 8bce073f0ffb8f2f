import type { MessageWithParts, Part } from '#libs/contract';
import { condensed, newestMeasured, reachesSummary, sinceCompaction, upTo } from './compaction.js';

const message = (info: object, ...parts: object[]) => ({ info, parts }) as unknown as MessageWithParts;
const user = (id: string) => message({ id, role: 'user' }, { type: 'text', text: id });
const answer = (id: string, parentID: string, more: object = { finish: 'stop' }) =>
  message({ id, role: 'assistant', parentID, ...more }, { type: 'text', text: id });
const request = (id: string, auto = false) => message({ id, role: 'user' }, { type: 'compaction', auto });
const summary = (id: string, parentID: string, more: object = { finish: 'stop' }) =>
  message({ id, role: 'assistant', parentID, summary: true, ...more }, { type: 'text', text: id });
const ids = (history: MessageWithParts[]) => history.map(({ info }) => info.id).join(' ');
const FAILED = { error: { name: 'APIError', data: {} } };

const start = [user('u1'), answer('a1', 'u1')];
const summed = [...start, request('c1'), summary('s1', 'c1'), user('u2')];

describe('sinceCompaction', () => {
  it.each<[string, MessageWithParts[], string]>([
    ['without a summary: all', start, 'u1 a1'],
    ['from the summary on', summed, 'c1 s1 u2'],
    ['from the newest summary on', [...summed, request('c2'), summary('s2', 'c2')], 'c2 s2'],
    ['failed attempts left out', [...start, request('c1'), summary('s1', 'c1', FAILED), user('u2')], 'u1 a1 u2'],
    ['interrupted attempts left out', [...summed, request('c2')], 'c1 s1 u2'],
    ['unfinished ones too', [...summed, request('c2'), summary('s2', 'c2', {})], 'c1 s1 u2'],
    [
      'and empty ones',
      [
        ...start,
        request('c1'),
        message({ id: 's1', role: 'assistant', parentID: 'c1', summary: true, finish: 'stop' }),
      ],
      'u1 a1',
    ],
  ])('%s', (_, history, expected) => expect(ids(sinceCompaction(history))).toBe(expected));

  it('keeps the request that is being carried out', () =>
    expect(ids(sinceCompaction([...summed, request('c2')], 'c2'))).toBe('c1 s1 u2 c2'));
});

describe('upTo', () => {
  it('leaves out what waits behind', () => expect(ids(upTo(summed, 'a1'))).toBe('u1 a1'));
  it('is everything when the message is not there', () => expect(ids(upTo(start, 'gone'))).toBe('u1 a1'));
});

describe('reachesSummary', () => {
  it.each<[string, MessageWithParts[], boolean]>([
    ['a summary with its request', summed.slice(2), true],
    ['a summary without its request', summed.slice(3), false],
    ['no summary', start, false],
    ['a summary that failed', [...start, request('c1'), summary('s1', 'c1', FAILED)], false],
  ])('%s', (_, end, expected) => expect(reachesSummary(end)).toBe(expected));
});

describe('newestMeasured', () => {
  it('is the newest answer that finished', () =>
    expect(newestMeasured([...start, answer('a2', 'u1', {}), user('u2')])?.id).toBe('a1'));
  it('is none behind a summary, nor behind an attempt', () => {
    expect(newestMeasured(summed)).toBeUndefined();
    expect(newestMeasured([...start, request('c1'), summary('s1', 'c1', FAILED), user('u2')])).toBeUndefined();
  });
});

describe('condensed', () => {
  it('leaves out media and cuts outputs', () => {
    const tool = { type: 'tool', state: { status: 'completed', output: 'x'.repeat(5_000), attachments: [{}] } };
    const [short] = condensed([message({ id: 'a' }, { type: 'file' }, { type: 'text', text: 'hi' }, tool)]);
    expect(short!.parts.map(({ type }) => type)).toEqual(['text', 'tool']);
    const { state } = short!.parts[1] as Extract<Part, { type: 'tool' }>;
    expect(state).not.toHaveProperty('attachments');
    expect(state.status === 'completed' && state.output).toMatch(/^x{1000}\n\(the rest is left out\)$/);
  });
});
