import type { Config, PermissionRuleset, Session } from '#libs/contract';
import { type ParsedArguments, textOption } from '../command.js';
import type { ApiClient } from '../server/api-client.js';

const TITLE_LENGTH = 50;

/** Nobody is there to answer questions. */
const UNATTENDED: PermissionRuleset = ['question', 'plan_enter', 'plan_exit'].map((permission) => ({
  permission,
  pattern: '*',
  action: 'deny',
}));

/** The session that the options name, a copy of it, or a new one. */
export async function chooseSession(client: ApiClient, args: ParsedArguments, text: string): Promise<Session> {
  const chosen = await existing(client, args);
  const session = chosen
    ? args.options['fork']
      ? await client.post<Session>(`/session/${chosen.id}/fork`)
      : chosen
    : await client.post<Session>('/session', { permission: UNATTENDED, ...titled(textOption(args, 'title'), text) });
  const wanted = args.options['share'] ?? (await client.get<Config>('/config')).share === 'auto';
  if (wanted && !session.share) await share(client, session.id);
  return session;
}

async function existing(client: ApiClient, args: ParsedArguments): Promise<Session | undefined> {
  const id = textOption(args, 'session');
  if (id !== undefined) return client.get<Session>(`/session/${encodeURIComponent(id)}`);
  if (!args.options['continue']) return undefined;
  const [newest] = await client.get<Session[]>('/session', { roots: true, limit: 1 });
  return newest;
}

function titled(title: string | undefined, text: string): { title?: string } {
  if (title !== '') return title === undefined ? {} : { title };
  return { title: text.length > TITLE_LENGTH ? `${text.slice(0, TITLE_LENGTH)}...` : text };
}

/** A session that cannot be shared still answers. */
async function share(client: ApiClient, sessionID: string): Promise<void> {
  try {
    const { share } = await client.post<Session>(`/session/${sessionID}/share`);
    if (share) console.error(`~  ${share.url}`);
  } catch (error) {
    console.error(`! not shared: ${error instanceof Error ? error.message : String(error)}`);
  }
}
