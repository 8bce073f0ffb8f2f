import type { Config } from '#libs/contract';
import { BUILT_IN_FORMATTERS } from './built-in-formatters.js';
import type { FormatterDefinition } from './formatter-definition.js';
import { formatterList } from './formatter-list.js';
import type { FormatterProbe } from './formatter-probe.js';

const BUILT_IN = BUILT_IN_FORMATTERS.map(({ name }) => name);
const names = (config: Config['formatter']) => formatterList(config).map(({ name }) => name);

/** What becomes of one entry. */
function entry(name: string, config: Config['formatter']): FormatterDefinition {
  const found = formatterList(config).find((formatter) => formatter.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

/** A project that lacks everything. */
const nothing = { has: async () => false, depends: async () => false } as unknown as FormatterProbe;

describe('the list of formatters', () => {
  it.each([
    ['nothing', undefined, BUILT_IN],
    ['an empty map', {}, BUILT_IN],
    ['false', false, []],
    ['one disabled', { gofmt: { disabled: true } }, BUILT_IN.filter((name) => name !== 'gofmt')],
    [
      'one disabled that has a command',
      { gofmt: { disabled: true, command: ['x'] } },
      BUILT_IN.filter((name) => name !== 'gofmt'),
    ],
    ['others', { b: { command: ['b'] }, a: { command: ['a'] } }, [...BUILT_IN, 'b', 'a']],
    ['others that are disabled', { b: { command: ['b'], disabled: true } }, BUILT_IN],
    ['others without a command', { b: { extensions: ['.b'] }, a: { command: [] } }, BUILT_IN],
    ['other definitions', { biome: { command: ['b'] }, mine: { command: ['m'] }, zig: {} }, [...BUILT_IN, 'mine']],
  ] as const)('of %s', (_, config, expected) => {
    expect(names(config as Config['formatter'])).toEqual(expected);
  });

  it('keeps of a built-in one what its entry leaves out', () => {
    const built = BUILT_IN_FORMATTERS.find(({ name }) => name === 'shfmt')!;
    expect(entry('shfmt', { shfmt: {} })).toMatchObject({ command: built.command, extensions: built.extensions });
    expect(entry('shfmt', { shfmt: { command: [] } }).command).toEqual(built.command);
    expect(entry('shfmt', { shfmt: { command: ['mine'] } })).toMatchObject({
      command: ['mine'],
      extensions: built.extensions,
    });
    expect(entry('shfmt', { shfmt: { extensions: ['.x'] } })).toMatchObject({
      command: built.command,
      extensions: ['.x'],
    });
    expect(entry('shfmt', { shfmt: { extensions: [] } }).extensions).toEqual([]);
    expect(entry('shfmt', { shfmt: { environment: { A: '1' } } })).toMatchObject({
      command: built.command,
      environment: { A: '1' },
    });
  });

  it('always runs what has a command of its own, and the rest as it is built in', async () => {
    const enabled = (config: Config['formatter'], name: string) => entry(name, config).enabled(nothing);
    expect(await enabled({ shfmt: { command: ['mine'] } }, 'shfmt')).toBe(true);
    expect(await enabled({ mine: { command: ['mine'] } }, 'mine')).toBe(true);
    expect(await enabled({ shfmt: { extensions: ['.x'] } }, 'shfmt')).toBe(false);
    expect(await enabled({ prettier: { environment: { A: '1' } } }, 'prettier')).toBe(false);
  });

  it('gives a command of its own no options of the built-in one', () => {
    expect(entry('rustfmt', { rustfmt: { extensions: ['.rs'] } }).options).toBeDefined();
    expect(entry('rustfmt', { rustfmt: { command: ['mine'] } }).options).toBeUndefined();
  });

  it('is for no file where no extensions are named', () => {
    expect(entry('mine', { mine: { command: ['mine'] } }).extensions).toEqual([]);
  });
});
