import { dirname, join } from 'node:path/posix';
import { importsOf, readSources, type Source } from './sources.js';

const RANKS: Readonly<Record<string, number>> = {
  contract: 0,
  instance: 1,
  extension: 2,
  event: 2,
  storage: 3,
  config: 3,
  project: 3,
  permission: 3,
  provider: 4,
  mcp: 4,
  lsp: 4,
  file: 4,
  plugin: 4,
  pty: 4,
  tool: 5,
  agent: 5,
  session: 6,
  tui: 6,
  http: 6,
  api: 7,
  core: 7,
};
const HEAVY = /^(@ai-sdk\/(?!provider$)|ai$|ai\/|zod|web-tree-sitter|vscode-jsonrpc|@modelcontextprotocol\/)/;

const owner = (path: string) => /^libs\/([^/]+)\//.exec(path)?.[1];

/** What is wrong with the imports of one file. */
function judge(source: Source): string[] {
  const lib = owner(source.path);
  return importsOf(source).flatMap(({ specifier, eager }) => {
    const wrong = (why: string) => [`${source.path} imports ${specifier}: ${why}`];
    if (specifier.startsWith('.')) {
      const target = join(dirname(source.path), specifier);
      const root = lib ? `libs/${lib}/` : /^[^/]+\//.exec(source.path)![0];
      if (target.startsWith(root)) {
        if (lib && target === `${root}src/index.js` && !source.path.endsWith('.spec.ts'))
          return wrong('the index is for outsiders');
        return specifier.endsWith('.js') || specifier.endsWith('.json') ? [] : wrong('must end in .js');
      }
      if (!lib && root === 'test/' && target.startsWith('src/')) return [];
      return wrong('a relative path stays at home; libraries are reached as #libs/<name>');
    }
    if (specifier.startsWith('#')) {
      const name = /^#libs\/([a-z-]+)$/.exec(specifier)?.[1];
      if (name === undefined) return wrong('must be #libs/<name>');
      const rank = RANKS[name];
      if (rank === undefined) return wrong('has no rank');
      if (lib !== undefined && rank >= (RANKS[lib] ?? -1)) return wrong(`rank ${rank} is not below that of ${lib}`);
      return [];
    }
    if (HEAVY.test(specifier) && eager && !/^test\/|\.(spec|fixture)\.ts$/.test(source.path))
      return wrong('heavy packages are imported on first use');
    return [];
  });
}

describe('imports', () => {
  const sources = readSources('libs', 'src', 'test');

  it('every library has a rank', () => {
    const libs = new Set(sources.flatMap(({ path }) => owner(path) ?? []));
    expect([...libs].filter((lib) => RANKS[lib] === undefined)).toEqual([]);
  });

  it('go downwards, by name and through the index', () => {
    expect(sources.flatMap(judge)).toEqual([]);
  });

  it.each([
    ['libs/event/src/a.ts', `import { A } from '#libs/session';`],
    ['libs/event/src/a.ts', `import type { A } from '#libs/extension';`],
    ['libs/event/src/a.ts', `export { A } from '#libs/contract/src/a.js';`],
    ['libs/event/src/a.ts', `import {\n  A,\n} from '../../contract/src/index.js';`],
    ['libs/event/src/a.ts', `import { A } from './index.js';`],
    ['libs/event/src/a.ts', `import { A } from './b';`],
    ['libs/event/src/a.ts', `import { A } from '../../../src/index.js';`],
    ['libs/event/src/a.ts', `const a = await import('#libs/core');`],
    ['libs/event/src/a.ts', `import { streamText, type Tool } from 'ai';`],
    ['src/a.ts', `import { A } from '../libs/event/src/index.js';`],
    ['src/a.ts', `import { A } from '../test/helpers/a.js';`],
    ['src/a.ts', `import '@ai-sdk/openai';`],
  ])('catches a forbidden import in %s: %s', (path, text) => {
    expect(judge({ path, text, code: text })).toHaveLength(1);
  });

  it.each([
    ['libs/core/src/a.ts', `import { A } from '#libs/session';`],
    ['libs/event/src/a.ts', `import type { A } from '@ai-sdk/openai';`],
    ['libs/event/src/a.ts', `import { type A } from '@ai-sdk/openai';\nconst a = () => import('@ai-sdk/openai');`],
    ['test/e2e/a.ts', `import { A } from '../../src/index.js';`],
  ])('lets an allowed import pass in %s: %s', (path, text) => {
    expect(judge({ path, text, code: text })).toEqual([]);
  });
});
