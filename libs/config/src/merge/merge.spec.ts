import type { Config } from '#libs/contract';
import { SystemEnvironment } from '#libs/extension';
import type { JsonObject } from '../load/json-object.js';
import { foreseen } from './foreseen.js';
import { mergeConfig, mergeDeep } from './merge.js';
import { postProcess } from './post-process.js';

describe('merging', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['objects grow', { a: { x: 1, y: { p: 1 } } }, { a: { y: { q: 2 } } }, { a: { x: 1, y: { p: 1, q: 2 } } }],
    ['values are replaced', { a: 1, b: true }, { a: 'x', b: false }, { a: 'x', b: false }],
    ['lists are replaced', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['a text by an object', { bash: 'ask' }, { bash: { ls: 'allow' } }, { bash: { ls: 'allow' } }],
    ['an object by a text', { bash: { ls: 'allow' } }, { bash: 'ask' }, { bash: 'ask' }],
    ['an object by a list', { a: { x: 1 } }, { a: [1] }, { a: [1] }],
    ['keys keep their place', { b: 1, a: 2 }, { c: 3, a: 4, b: 5 }, { b: 5, a: 4, c: 3 }],
    ['what is undefined says nothing', { a: 1 }, { a: undefined }, { a: 1 }],
    ['prototypes are left alone', {}, JSON.parse('{"__proto__":{"a":1}}') as JsonObject, {}],
  ])('%s', (_, base, over, result) => {
    for (const merge of [mergeDeep, mergeConfig])
      expect(JSON.stringify(merge(base, over))).toBe(JSON.stringify(result));
  });

  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['plugins are collected', { plugin: ['a', 'b'] }, { plugin: ['b', 'c'] }, { plugin: ['a', 'b', 'c'] }],
    ['instructions too', { instructions: ['x'] }, { instructions: ['y', 'x'] }, { instructions: ['x', 'y'] }],
    ['from the first list on', {}, { plugin: ['a'] }, { plugin: ['a'] }],
    ['deeper ones are not', { a: { plugin: ['x'] } }, { a: { plugin: ['y'] } }, { a: { plugin: ['y'] } }],
  ])('of sources: %s', (_, base, over, result) => {
    expect(mergeConfig(base, over)).toEqual(result);
    // among the files of the user they are replaced
    if (base['plugin']) expect(mergeDeep(base, over)['plugin']).toEqual(over['plugin']);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['nothing', {}, { agent: {}, mode: {}, plugin: [], command: {}, username: 'ada' }],
    [
      'a mode is a primary agent, over what the agent says',
      { agent: { m: { prompt: 'p', mode: 'subagent', color: 'info' } }, mode: { m: { prompt: 'q', mode: 'all' } } },
      { agent: { m: { prompt: 'q', mode: 'primary', color: 'info' } }, mode: { m: { prompt: 'q', mode: 'all' } } },
    ],
    [
      'tools come before permissions',
      { tools: { bash: true, webfetch: false }, permission: { bash: 'ask' } },
      { permission: { bash: 'ask', webfetch: 'deny' } },
    ],
    ...['write', 'edit', 'patch', 'multiedit'].map((tool): [string, JsonObject, JsonObject] => [
      `the tool ${tool} is the permission edit`,
      { tools: { [tool]: false } },
      { permission: { edit: 'deny' } },
    ]),
    ['autoshare is the old word for share', { autoshare: true }, { share: 'auto' }],
    ['share wins over it', { autoshare: true, share: 'manual' }, { share: 'manual' }],
    ['autoshare that is off says nothing', { autoshare: false }, { share: undefined }],
    ['the name of the account is no name', { username: '' }, { username: 'ada' }],
    [
      'of plugins with one name the last is kept, in its place',
      { plugin: ['a@1', '@s/p@1', 'file:///x/one.ts', 'b', 'a@2', 'file:///y/one.js', '@s/p'] },
      { plugin: ['b', 'a@2', 'file:///y/one.js', '@s/p'] },
    ],
  ])('afterwards: %s', (_, merged, expected) => {
    const config = postProcess(merged, new SystemEnvironment({ USER: 'ada' }, '/'));
    for (const [key, value] of Object.entries(expected)) expect(config[key as keyof Config]).toEqual(value);
    expect(Object.keys(config.keybinds ?? {})).toHaveLength(94);
  });

  it.each<[string, JsonObject, JsonObject, JsonObject, JsonObject]>([
    ['what was set', { a: 1 }, {}, { b: { c: 2 } }, { a: 1, b: { c: 2 } }],
    ['what was removed', { a: 1, b: { x: 1, y: 2 } }, { b: { x: 1 } }, { b: {} }, { a: 1, b: { y: 2 } }],
    ['what was not touched', { a: 2, b: [1] }, { a: 1, b: [0] }, { a: 1, b: [0] }, { a: 2, b: [1] }],
    ['inside of what is new', { a: { n: 1 } }, { a: { o: 1 } }, { a: { o: 1, p: 2 } }, { a: { n: 1, p: 2 } }],
  ])('foresees %s', (_, next, before, after, expected) => {
    expect(foreseen(next, before, after)).toEqual(expected);
  });
});
