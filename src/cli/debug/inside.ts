import { matchesGlob, resolve } from 'node:path';
import type { Instance } from '#libs/instance';
import { type Command, countOption, type ParsedArguments, textOption } from '../command.js';
import { DIRECTORY_OPTIONS, type LocalServer, withLocalServer } from '../server/with-server.js';
import { SIGNALS } from '../stop-signals.js';
import { type DebugCommand, debugCommand } from './debug-command.js';

interface Look extends DebugCommand {
  look: (app: LocalServer['app'], instance: Instance, word: string, args: ParsedArguments) => Promise<unknown>;
}

const NAMES = {
  glob: { type: 'string', value: 'pattern', summary: 'Only files that fit' },
  limit: { type: 'string', value: 'number', summary: 'At most so many' },
} as const;

/** What no route answers: asked of the services in a server of its own. */
const LOOKS: Readonly<Record<string, Look>> = {
  'file tree': { summary: 'The files of the project as a tree', options: NAMES, look: tree },
  'rg tree': { summary: 'The same', options: NAMES, look: tree },
  'rg files': {
    summary: 'The files of the project that are not ignored',
    options: NAMES,
    look: async (app, instance, _word, args) => (await files(app, instance, args)).join('\n'),
  },
  'lsp diagnostics': {
    summary: 'What language servers say about a file',
    word: 'file',
    async look(app, instance, file) {
      const { LspService } = await import('#libs/lsp');
      return (await app.get(LspService).check(instance, [resolve(instance.directory, file)], instance.signal)).all;
    },
  },
  'lsp document-symbols': {
    summary: 'The symbols of a file',
    word: 'file',
    async look(app, instance, file) {
      const { CodeQueryService } = await import('#libs/lsp');
      const path = file.startsWith('file:') ? (await import('node:url')).fileURLToPath(file) : file;
      const place = { path: resolve(instance.directory, path), position: { line: 0, character: 0 } };
      const symbols = await app.get(CodeQueryService).ask(instance, 'documentSymbol', place, instance.signal);
      if (!symbols) throw new Error(`There is no language server for ${file}`);
      return symbols;
    },
  },
  'snapshot track': {
    summary: 'Record the files as they are now; prints the snapshot',
    async look(app, instance) {
      const hash = await (await snapshots(app, instance)).track(instance);
      if (hash === undefined) throw new Error('No snapshot could be taken: the log says why');
      return hash;
    },
  },
  'snapshot patch': {
    summary: 'The files that have changed since a snapshot',
    word: 'snapshot',
    look: async (app, instance, hash) => {
      return { hash, files: await (await snapshots(app, instance)).changedFiles(instance, hash) };
    },
  },
  'snapshot diff': {
    summary: 'What has changed since a snapshot',
    word: 'snapshot',
    look: async (app, instance, hash) => (await snapshots(app, instance)).unifiedDiff(instance, hash),
  },
};

/** `debug …` for each of them. */
export const debugLooks: readonly Command[] = Object.entries(LOOKS).map(([name, { look, options, ...about }]) =>
  debugCommand(name, { ...about, options: { ...options, ...DIRECTORY_OPTIONS } }, (word, args) =>
    inside(args, (app, instance) => look(app, instance, word, args)),
  ),
);

/** Keeps an instance open, for a look at what it does. */
export const debugWait: Command = {
  name: 'debug wait',
  summary: 'Open the project and wait for a signal',
  options: DIRECTORY_OPTIONS,

  async run(args) {
    await inside(args, async (_app, { directory }) => {
      const stopped = new Promise((resolve) => SIGNALS.forEach((signal) => process.once(signal, resolve)));
      console.error(`Waiting in ${directory}`);
      await stopped;
    });
    return 0;
  },
};

function inside<T>(
  args: ParsedArguments,
  work: (app: LocalServer['app'], instance: Instance) => Promise<T>,
): Promise<T> {
  return withLocalServer(args, async ({ app, directory }) => {
    const { InstanceStore } = await import('#libs/instance');
    return app.get(InstanceStore).use(directory, (instance) => work(app, instance));
  });
}

async function snapshots(app: LocalServer['app'], instance: Instance) {
  const { SnapshotService } = await import('#libs/project');
  const service = app.get(SnapshotService);
  if (!service.available(instance)) throw new Error(`There are no snapshots of ${instance.directory}: it has no git`);
  return service;
}

async function files(app: LocalServer['app'], instance: Instance, args: ParsedArguments): Promise<string[]> {
  const { FileSearchService } = await import('#libs/file');
  const all = { query: '', type: 'file', limit: Number.MAX_SAFE_INTEGER } as const;
  const found = (await app.get(FileSearchService).find(instance, all)).sort();
  const glob = textOption(args, 'glob');
  const fitting = glob === undefined ? found : found.filter((file) => matchesGlob(file, glob));
  return fitting.slice(0, countOption(args, 'limit'));
}

/** Each folder once, what is in it below it. */
async function tree(
  app: LocalServer['app'],
  instance: Instance,
  _word: string,
  args: ParsedArguments,
): Promise<string> {
  const lines: string[] = [];
  let open: string[] = [];
  for (const file of await files(app, instance, args)) {
    const folders = file.split('/');
    const name = folders.pop() ?? '';
    const differs = folders.findIndex((folder, depth) => folder !== open[depth]);
    const shared = differs === -1 ? folders.length : differs;
    folders.slice(shared).forEach((folder, depth) => lines.push(`${'  '.repeat(shared + depth)}${folder}/`));
    lines.push(`${'  '.repeat(folders.length)}${name}`);
    open = folders;
  }
  return lines.join('\n');
}
