import { homedir } from 'node:os';
import { SystemEnvironment } from './system-environment.adapter.js';

describe('the environment', () => {
  const environment = (variables: Record<string, string | undefined>) => new SystemEnvironment(variables, '/work');

  it.each([
    ['1', true],
    ['true', true],
    ['TRUE', true],
    ['True', true],
    ['0', false],
    ['yes', false],
    ['on', false],
    ['', false],
    [undefined, false],
  ])('takes %j for a flag: %s', (value, on) => {
    expect(environment({ A: value }).flag('A')).toBe(on);
    expect(environment({ A: value }).flag('B', 'A')).toBe(on);
  });

  it.each([
    ['1', 1],
    ['32000', 32_000],
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['many', undefined],
    ['99999999999999999999', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('takes %j for a number: %s', (value, number) => {
    expect(environment({ A: value }).positiveInteger('A')).toBe(number);
  });

  it('works for a client on the command line unless it is told otherwise', () => {
    expect(environment({}).client).toBe('cli');
    expect(environment({ OPENCODE_CLIENT: '' }).client).toBe('cli');
    expect(environment({ OPENCODE_CLIENT: 'acp' }).client).toBe('acp');
  });

  it.each([
    ['config', 'XDG_CONFIG_HOME', '.config'],
    ['data', 'XDG_DATA_HOME', '.local/share'],
    ['state', 'XDG_STATE_HOME', '.local/state'],
    ['cache', 'XDG_CACHE_HOME', '.cache'],
  ] as const)('keeps its %s below %s, else below the home directory', (name, variable, fallback) => {
    expect(environment({ HOME: '/h', [variable]: '/x' }).paths[name]).toBe('/x/opencode');
    expect(environment({ HOME: '/h', OPENCODE_TEST_HOME: '/t' }).paths[name]).toBe(`/h/${fallback}/opencode`);
    expect(environment({}).paths[name]).toBe(`${homedir()}/${fallback}/opencode`);
  });
});
