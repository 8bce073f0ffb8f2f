import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Config, validateInput } from '#libs/contract';
import { configSchema } from './config-schema.js';
import { KEY_NOTES } from './key-notes.js';

describe('the schema of configuration files', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(configSchema());

  it.each<[boolean, unknown]>([
    [true, {}],
    [true, { $schema: 'x', permission: 'ask', agent: { mine: { color: '#112233', anything: 1 } } }],
    [true, { mcp: { a: { type: 'local', command: ['x'] }, b: { enabled: false } }, formatter: false }],
    [true, { permission: { bash: { '*': 'ask' }, 'my_*': 'deny' } }],
    [false, { modle: 'a/b' }],
    [false, { server: { port: 0 } }],
    [false, { permission: { bash: 'perhaps' } }],
    [false, { agent: { mine: { mode: 'other' } } }],
    [false, { command: { c: {} } }],
  ])('says %s of %j, as the server does', (valid, config) => {
    expect(validateInput(Config, config).issues === undefined).toBe(valid);
    expect(validate(config)).toBe(valid);
  });

  it('has every key that the guide explains, and the guide every key', () => {
    const guide = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const rows = guide.slice(guide.indexOf('## Keys'), guide.indexOf('### Permissions')).matchAll(/^\| (`.*?`) \|/gm);
    const explained = [...rows].flatMap(([, names]) => names!.replaceAll('`', '').split(', '));
    expect(explained.sort()).toEqual(Object.keys(KEY_NOTES).sort());
  });

  it('explains each key', () => {
    const { properties } = configSchema() as { properties: Record<string, { description?: string }> };
    expect(Object.entries(properties).filter(([, { description }]) => !description)).toEqual([]);
  });
});
