import { LANGUAGE_SERVER_IDS } from '#libs/contract';
import { SystemEnvironment } from '#libs/extension';
import { BUILT_IN_SERVERS } from './built-in-servers.js';
import { serverList } from './server-list.js';

const environment = (variables: Record<string, string> = {}) => new SystemEnvironment(variables, '/');
const ids = (...given: Parameters<typeof serverList>) => serverList(...given).map(({ id }) => id);

describe('the list of servers', () => {
  it('has the built-in ones in their order', () => {
    expect(BUILT_IN_SERVERS.map(({ id }) => id)).toEqual(LANGUAGE_SERVER_IDS);
    expect(ids(undefined, environment())).toEqual(LANGUAGE_SERVER_IDS.filter((id) => id !== 'ty'));
  });

  it('has ty in the place of pyright when asked to', () => {
    const list = ids(undefined, environment({ OPENCODE_EXPERIMENTAL_LSP_TY: '1' }));
    expect(list.slice(7, 10)).toEqual(['ruby-lsp', 'ty', 'elixir-ls']);
  });

  it('is empty when switched off', () => {
    expect(ids(false, environment())).toEqual([]);
  });

  it('is changed by the configuration', () => {
    const servers = serverList(
      {
        deno: { disabled: true },
        gopls: { command: ['my-gopls', '-v'] },
        rust: { command: ['x'], disabled: true },
        mine: { command: ['mine'], extensions: ['.mine'], env: { A: '1' } },
        all: { command: ['all'], extensions: [] },
      },
      environment(),
    );
    const of = (id: string) => servers.find((server) => server.id === id);
    expect([of('deno'), of('rust')]).toEqual([undefined, undefined]);
    expect(servers[5]).toMatchObject({
      id: 'gopls',
      extensions: ['.go'],
      root: { kind: 'near' },
      commands: [{ program: 'my-gopls', args: ['-v'] }],
    });
    expect(servers.slice(-2)).toMatchObject([
      { id: 'mine', extensions: ['.mine'], root: { kind: 'directory' }, env: { A: '1' } },
      { id: 'all', extensions: [] },
    ]);
  });
});
