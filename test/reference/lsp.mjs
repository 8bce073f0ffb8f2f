// Compares what clients see of language servers at the built server and at the reference: their list, their events, what
// they say of changes, the lsp tool. Both use the TypeScript server of this project and the one of the tests. Not part
// of the test run, because the reference is a large download. See ../README.md.
import { symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rgPath } from '@vscode/ripgrep';
import { differences, withSides } from './side.mjs';
import { built, checks, reference } from './stage.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FAKE = join(ROOT, 'libs/lsp/src/testing/fake-language-server.fixture.mjs');
/** Milliseconds a server may take to start and to read its project. */
const PATIENCE = 60_000;

const { EventReader, ScriptedModel } = await built('src/testing.js');
await using model = await ScriptedModel.start();
const { check, conclude } = checks(model);

const others = ['deno', 'eslint', 'oxlint', 'biome'];
const disabled = Object.fromEntries(others.map((id) => [id, { disabled: true }]));
const options = {
  model,
  reference: [await reference()],
  files: {
    '.gitignore': 'node_modules\nlog\n',
    'package.json': '{ "private": true }\n',
    'package-lock.json': '{}\n',
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "preserve", "types": [] } }\n',
    'shape.ts':
      'export interface Shape {\n  area(): number;\n}\n\nexport class Square implements Shape {\n  area(): number {\n    return twice(2);\n  }\n}\n\nexport function twice(n: number): number {\n  return n * 2;\n}\n',
    'user.ts': "import { twice } from './shape';\n\nexport const four = twice(2);\n",
    'a.fake': 'fine\n',
  },
  prepare: (project) => symlink(join(ROOT, 'node_modules'), project.path('node_modules')),
  variables: (own) => ({
    ...own,
    PATH: [own.PATH, dirname(rgPath)].join(delimiter),
    OPENCODE_EXPERIMENTAL_LSP_TOOL: '1',
  }),
};

const call = (tool, input) => ({ tool, input });
const read = (path) => call('read', { filePath: `$PROJECT/${path}` });
const write = (path, content) => call('write', { filePath: `$PROJECT/${path}`, content });
const edit = (path, oldString, newString) => call('edit', { filePath: `$PROJECT/${path}`, oldString, newString });
const patch = (...lines) =>
  call('apply_patch', { patchText: ['*** Begin Patch', ...lines, '*** End Patch'].join('\n') });
const ask = (operation, path, line = 1, character = 1) =>
  call('lsp', { operation, filePath: `$PROJECT/${path}`, line, character });

/** Both sides do the same, and what comes of it is compared. */
async function compare(sides, name, act, differs) {
  await check(differs ? `${name} (differs: ${differs})` : name, async (expect) => {
    const [ours, theirs] = [await act(sides[0]), await act(sides[1])];
    const found = differences(ours, theirs);
    if (differs) expect(found.length > 0, true);
    else expect(found.join('\n       '), '');
  });
}

/** What a list of events or servers holds, each once, in an order of its own. */
const distinct = (side, list) => [...new Set(list.map((item) => JSON.stringify(side.plain(item))))].sort();

async function until(condition) {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('Waited in vain');
}

/** Starts both sides with some configuration; `work` gets them with their events. */
const stage = (config, work) =>
  withSides({ ...options, ...config }, async (...sides) => {
    for (const side of sides) {
      side.events = await EventReader.open(
        `${side.server.url}/event?directory=${encodeURIComponent(side.project.directory)}`,
      );
    }
    try {
      await work(sides);
    } finally {
      for (const { events } of sides) events.close();
    }
  });

const play =
  (...calls) =>
  (side) =>
    side.play(calls);
const events = (side) =>
  distinct(
    side,
    side.events.all(({ type }) => type.startsWith('lsp.')),
  );

await stage({ config: { formatter: false, lsp: disabled } }, async (sides) => {
  const same = (name, act, differs) => compare(sides, name, act, differs);
  await same('no server runs before a file is looked at', (side) => side.request('/lsp'));
  for (const side of sides) {
    await side.play([read('user.ts')]);
    await until(async () => (await side.request('/lsp')).length > 0);
    // the first change may come before the project was read
    await until(async () => {
      const { calls } = await side.play([ask('hover', 'user.ts', 3, 21)]);
      return calls[0].metadata?.result?.length > 0;
    });
  }
  await same('the list of servers', (side) => side.request('/lsp'));
  await same('an edit that breaks a file', play(read('user.ts'), edit('user.ts', 'twice(2)', "twice('2')")));
  await same('an edit that mends it', play(read('user.ts'), edit('user.ts', "twice('2')", 'twice(2)')));
  await same(
    'a new file with errors',
    play(write('new.ts', "export const one: number = 'x';\nexport const two: string = 1;\n")),
  );
  await same('errors in other files', play(read('user.ts'), write('user.ts', 'export const five: string = 5;\n')));
  await same(
    'many errors',
    play(
      write(
        'many.ts',
        'let x: string = 1;\n'.replace('x', 'y') +
          Array.from({ length: 30 }, (_, n) => `export const a${n}: string = ${n};\n`).join(''),
      ),
    ),
  );
  await same(
    'a hint beside an error',
    play(write('hint.ts', 'import { twice } from "./shape";\nexport const one: string = 1;\n')),
  );
  await same('a file that no server is for', play(write('notes.txt', 'text')));
  await same('events', events);
  for (const [operation, path, line, character, differs] of [
    ['goToDefinition', 'new.ts', 1, 15],
    ['findReferences', 'shape.ts', 11, 18],
    ['hover', 'shape.ts', 11, 18],
    ['documentSymbol', 'shape.ts'],
    ['goToImplementation', 'shape.ts', 2, 3],
    ['prepareCallHierarchy', 'shape.ts', 11, 18],
    ['incomingCalls', 'shape.ts', 11, 18],
    ['outgoingCalls', 'shape.ts', 6, 4],
    ['hover', 'shape.ts', 4, 1, 'the lsp tool about a place of which nothing is known'],
    ['goToDefinition', 'shape.ts', 400, 1, 'the lsp tool, when a server refuses'],
    ['hover', 'missing.ts'],
    ['hover', 'notes.txt'],
    ['hover', 'package.json'],
  ])
    await same(`lsp ${operation} ${path} ${line ?? ''}`, play(ask(operation, path, line, character)), differs);
  await same(
    'a change that breaks another file',
    play(
      read('shape.ts'),
      edit('shape.ts', 'twice(n: number): number {\n  return n', 'twice(n: string): number {\n  return 2'),
    ),
  );
  await same('/find/symbol', (side) => side.request('/find/symbol?query=twice'), 'GET /find/symbol');
});

await stage({ modelID: 'gpt-5', config: { formatter: false, lsp: disabled } }, async (sides) => {
  const same = (name, act, differs) => compare(sides, name, act, differs);
  for (const side of sides) {
    await side.play([read('user.ts')]);
    await until(async () => (await side.play([ask('hover', 'user.ts', 3, 21)])).calls[0].metadata?.result?.length > 0);
  }
  await same(
    'a patch of several files',
    play(
      patch(
        '*** Add File: one.ts',
        "+export const one: number = 'x';",
        '*** Update File: user.ts',
        '@@',
        '-export const four = twice(2);',
        "+export const four = twice('2');",
      ),
    ),
  );
  await same(
    'a patch that moves a file',
    play(
      patch(
        '*** Update File: one.ts',
        '*** Move to: two.ts',
        '@@',
        "-export const one: number = 'x';",
        "+export const one: number = 'y';",
      ),
    ),
    'what is known of a file that is gone',
  );
  await same(
    'a patch that deletes a file',
    play(patch('*** Delete File: shape.ts', '*** Add File: three.ts', '+export const three = 3;')),
    'what is known of a file that is gone',
  );
});

const mine = (...modes) => ({ command: [process.execPath, FAKE, 'log', ...modes], extensions: ['.fake'] });
await stage(
  { config: { formatter: false, lsp: { ...disabled, mine: mine(), off: { ...mine(), disabled: true } } } },
  async (sides) => {
    const same = (name, act, differs) => compare(sides, name, act, differs);
    for (const side of sides) {
      await side.play([read('a.fake')]);
      await until(async () => (await side.request('/lsp')).length > 0);
    }
    await same('a server of the configuration', (side) => side.request('/lsp'));
    await same('what it says of a file', play(read('a.fake'), write('a.fake', 'BAD\nWARN\nBAD\n')));
    await same('what it says of another', play(write('b.fake', 'fine\n')));
    await same('what it says of a file in a folder', play(write('deep/c.fake', 'some BAD\n')));
    await same('its events', events);
    await same('lsp implementation, null', play(ask('goToImplementation', 'a.fake')));
    await same('lsp workspaceSymbol', play(ask('workspaceSymbol', 'a.fake')));
    await same('lsp hover', play(ask('hover', 'a.fake', 2, 2)));
  },
);

await stage({ config: { formatter: false, lsp: { ...disabled, mine: mine('grumpy') } } }, async (sides) => {
  await compare(
    sides,
    'a question that a server does not know',
    play(write('x.fake', ''), ask('outgoingCalls', 'x.fake')),
  );
});

await stage(
  { config: { formatter: false, lsp: { ...disabled, mine: { command: ['no-such-server'], extensions: ['.fake'] } } } },
  async (sides) => {
    await compare(sides, 'a server that is missing', play(write('x.fake', 'BAD')));
    await compare(sides, 'is not listed', (side) => side.request('/lsp'));
    await compare(sides, 'lsp without a server', play(ask('hover', 'x.fake')));
  },
);

await stage({ config: { formatter: false, lsp: false } }, async (sides) => {
  await compare(sides, 'no servers at all', play(write('new.ts', "export const one: number = 'x';\n")));
  await compare(sides, 'none is listed', (side) => side.request('/lsp'));
});
conclude();
