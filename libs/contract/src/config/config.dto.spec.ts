import { validateInput } from '../validation.js';
import { AgentConfig } from './agent-config.dto.js';
import { Config } from './config.dto.js';
import { KEYBIND_DEFAULTS } from './keybinds-config.dto.js';

const issuesOf = (config: unknown): string[] =>
  (validateInput(Config, config).issues ?? []).map((issue) => `${issue.code} ${issue.path.join('.')}`);

describe('configuration', () => {
  it.each([
    [{ notakey: 1 }, 'unrecognized_keys '],
    [{ server: { x: 1 } }, 'unrecognized_keys server'],
    [{ keybinds: { x: 'y' } }, 'unrecognized_keys keybinds'],
    [{ provider: { p: { x: 1 } } }, 'unrecognized_keys provider.p'],
    [{ mcp: { m: { type: 'local', command: [], x: 1 } } }, 'invalid_union mcp.m'],
    [{ mcp: { m: { type: 'remote', url: 'u', oauth: { x: 1 } } } }, 'invalid_union mcp.m'],
    [{ server: { port: 0 } }, 'too_small server.port'],
    [{ theme: null }, 'invalid_type theme'],
    [{ autoupdate: 'never' }, 'invalid_union autoupdate'],
    [{ permission: { bash: { ls: 'maybe' } } }, 'invalid_union permission'],
    [{ agent: { a: { color: 'green' } } }, 'invalid_format agent.a.color'],
    [{ agent: { a: { steps: 1.5 } } }, 'invalid_type agent.a.steps'],
    [[], 'invalid_type '],
  ])('%j is wrong: %s', (config, issue) => {
    expect(issuesOf(config)).toEqual([issue]);
  });

  it.each([
    [{ command: { c: { template: 't', x: 1 } } }, { command: { c: { template: 't' } } }],
    [{ formatter: { f: { x: 1 } } }, { formatter: { f: {} } }],
    [{ lsp: { l: { command: ['x'], x: 1 } } }, { lsp: { l: { command: ['x'] } } }],
    [
      { tui: { x: 1 }, experimental: { x: 1 } },
      { tui: {}, experimental: {} },
    ],
    [{ provider: { p: { models: { m: { x: 1 } } } } }, { provider: { p: { models: { m: {} } } } }],
  ])('%j loses what it does not know', (config, kept) => {
    expect(validateInput(Config, config).value).toEqual(kept);
  });

  it.each([
    [{ agent: { a: { mine: { x: 1 } } }, mode: { m: { prompt: 'p' } } }],
    [{ provider: { p: { options: { apiKey: 'k', mine: 1 }, models: { m: { variants: { v: { mine: 1 } } } } } } }],
    [{ mcp: { a: { enabled: false }, b: { type: 'remote', url: 'u', oauth: false } } }],
    [{ lsp: false, formatter: false, autoupdate: 'notify', permission: 'ask' }],
    [{ lsp: { x: { disabled: true } } }],
    [{ permission: { 'my_*': 'deny', bash: { 'git *': 'allow', '*': 'ask' }, edit: 'allow' } }],
    [{ $schema: 's', keybinds: { leader: 'ctrl+y' } }],
  ])('%j comes through unchanged', (config) => {
    const { value } = validateInput(Config, config);
    expect(JSON.stringify(value)).toBe(JSON.stringify(config));
  });

  it('leaves key bindings to be filled in after merging', () => {
    expect(validateInput(Config, { keybinds: {} }).value).toEqual({ keybinds: {} });
    expect(KEYBIND_DEFAULTS.leader).toBe('ctrl+x');
  });

  it('reads a markdown agent’s front matter, unknown keys included', () => {
    expect(validateInput(AgentConfig, { mode: 'subagent', mine: [1] }).value).toEqual({ mode: 'subagent', mine: [1] });
  });
});
