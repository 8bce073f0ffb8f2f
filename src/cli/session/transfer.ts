import { readFile } from 'node:fs/promises';
import type { MessageWithParts, Session } from '#libs/contract';
import { type Command, UsageError } from '../command.js';
import { choose } from '../ask.js';
import { printJson } from '../print.js';
import type { ApiClient } from '../server/api-client.js';
import { DIRECTORY_OPTIONS, SERVER_OPTIONS, withLocalServer, withServer } from '../server/with-server.js';

const DOWNLOAD_LIMIT = 30_000;

export const sessionExport: Command = {
  name: 'export',
  summary: 'Print a session with its messages as JSON',
  words: '[session]',
  options: SERVER_OPTIONS,

  async run(args) {
    return withServer(args, async (client) => {
      const id = args.words[0] ?? (await chooseSession(client));
      if (id === undefined) return 1;
      console.error(`Exporting session: ${id}`);
      const path = `/session/${encodeURIComponent(id)}`;
      const info = await client.get<Session>(path);
      printJson({ info, messages: await client.get<MessageWithParts[]>(`${path}/message`) });
      return 0;
    });
  },
};

async function chooseSession(client: ApiClient): Promise<string | undefined> {
  const sessions = await client.get<Session[]>('/session', { roots: true });
  if (sessions.length === 0) throw new UsageError('There is no session in this project');
  return choose(
    'Which session?',
    sessions.map(({ id, title }) => ({ value: id, label: title, hint: id })),
    'Name the session to export',
  );
}

export const sessionImport: Command = {
  name: 'import',
  summary: 'Store an exported session in this project',
  words: '<file or URL>',
  options: DIRECTORY_OPTIONS,

  async run(args) {
    const [source, ...rest] = args.words;
    if (source === undefined || rest.length > 0) throw new UsageError('Name one file or URL');
    const exported = parsed(await load(source), source);
    await withLocalServer(args, async ({ app, directory }) => {
      const [{ InstanceStore }, { SessionTransfer }] = await Promise.all([
        import('#libs/instance'),
        import('#libs/session'),
      ]);
      const { id } = await app
        .get(InstanceStore)
        .use(directory, (instance) => app.get(SessionTransfer).import(instance, exported));
      console.log(`Imported session: ${id}`);
    });
    return 0;
  },
};

async function load(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source))
    return readFile(source, 'utf8').catch((error: unknown) => {
      throw new Error(`File not found: ${source}`, { cause: error });
    });
  const response = await fetch(source, { signal: AbortSignal.timeout(DOWNLOAD_LIMIT) });
  if (!response.ok) throw new Error(`${source} answered ${response.status}`);
  return response.text();
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${source} is no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
