import { setTimeout as delay } from 'node:timers/promises';
import {
  type Agent,
  type AssistantMessageWithParts,
  errorText,
  type MessageError,
  type Part,
  type PermissionRequest,
} from '#libs/contract';
import { type ApiClient, ApiError, type ApiEvent } from '../server/api-client.js';
import { fileParts } from './message.js';

/** Milliseconds to wait for the last events after the answer. */
const LAST_EVENTS = 2_000;

/** What is asked for. */
export interface Prompt {
  text: string;
  /** A slash command; `text` are its arguments. */
  command: string | undefined;
  files: readonly string[];
  model: string | undefined;
  agent: string | undefined;
  variant: string | undefined;
}

/** Tells what happens in the session. */
export interface Printer {
  /** The answer begins. */
  start(agent: string, model: string): void;
  /** A part of an answer is as it stays; told once. */
  part(part: Part): void;
  error(error: MessageError): void;
  /** Something for people, not part of the answer. */
  note(text: string): void;
  end(): void;
}

/** Sends a prompt and prints until its answer is there. Resolves to whether it failed. */
export async function follow(client: ApiClient, sessionID: string, printer: Printer, prompt: Prompt): Promise<boolean> {
  const agent = await knownAgent(client, prompt.agent, printer);
  const body = await bodyOf({ ...prompt, agent });
  const over = new AbortController();
  const events = await client.events(over.signal);
  const watch = new Watch(client, sessionID, printer);
  const reading = watch.read(events, over.signal);
  try {
    const path = `/session/${sessionID}/${prompt.command === undefined ? 'message' : 'command'}`;
    const answer = await client.post<AssistantMessageWithParts>(path, body).catch((error: unknown) => {
      // what the event stream has told already is not told again
      if (error instanceof ApiError && watch.failed) return undefined;
      throw error;
    });
    if (!answer) return true;
    // another server may tell the last events after the answer
    await Promise.race([reading, delay(LAST_EVENTS, undefined, { signal: over.signal, ref: false })]);
    const { error } = answer.info;
    if (error && !watch.failed) printer.error(error);
    return watch.failed || error !== undefined;
  } finally {
    over.abort();
    printer.end();
  }
}

/** The name of an agent that can answer; a subagent or an unknown one is not worth failing for. */
async function knownAgent(client: ApiClient, name: string | undefined, printer: Printer): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const found = (await client.get<Agent[]>('/agent')).find((agent) => agent.name === name);
  if (found && found.mode !== 'subagent') return name;
  printer.note(`! agent "${name}" ${found ? 'is a subagent' : 'not found'}; the default agent answers`);
  return undefined;
}

async function bodyOf({ text, command, files, model, agent, variant }: Prompt): Promise<object> {
  const parts = await fileParts(files);
  const common = { ...(agent === undefined ? {} : { agent }), ...(variant === undefined ? {} : { variant }) };
  if (command !== undefined)
    return { ...common, command, arguments: text, ...(model === undefined ? {} : { model }), parts };
  const [providerID = '', ...rest] = model?.split('/') ?? [];
  return {
    ...common,
    ...(model === undefined ? {} : { model: { providerID, modelID: rest.join('/') } }),
    parts: [...parts, { type: 'text', text }],
  };
}

/** Follows the events of a session and those who work for it. */
class Watch {
  /** An error was told. */
  failed = false;
  /** The session, and the subagents below it. */
  private readonly family: Set<string>;
  private started = false;
  private readonly told = new Set<string>();

  constructor(
    private readonly client: ApiClient,
    private readonly sessionID: string,
    private readonly printer: Printer,
  ) {
    this.family = new Set([sessionID]);
  }

  /** Until the session is idle, or `signal` is aborted. */
  async read(events: AsyncIterable<ApiEvent>, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of events) {
        if (signal.aborted) return;
        await this.take(event);
        if (event.type === 'session.idle' && event.properties.sessionID === this.sessionID) return;
      }
    } catch (error) {
      if (!signal.aborted) this.printer.note(`! The events of the server broke off (${errorText(error)})`);
    }
  }

  private async take({ type, properties }: ApiEvent): Promise<void> {
    switch (type) {
      case 'session.created':
        if (properties.info.parentID && this.family.has(properties.info.parentID)) this.family.add(properties.info.id);
        break;
      case 'message.updated':
        this.message(properties.info);
        break;
      case 'message.part.updated':
        this.part(properties.part);
        break;
      case 'session.error':
        if (properties.sessionID !== this.sessionID || !properties.error) break;
        this.failed = true;
        this.printer.error(properties.error);
        break;
      case 'permission.asked':
        if (this.family.has(properties.sessionID)) await this.reject(properties);
        break;
      default:
    }
  }

  private message(info: Extract<ApiEvent, { type: 'message.updated' }>['properties']['info']): void {
    if (this.started || info.role !== 'assistant' || info.sessionID !== this.sessionID) return;
    this.started = true;
    this.printer.start(info.agent, info.modelID);
  }

  private part(part: Part): void {
    if (part.sessionID !== this.sessionID || !isFinal(part) || this.told.has(part.id)) return;
    this.told.add(part.id);
    this.printer.part(part);
  }

  /** Nobody is there to ask. */
  private async reject({ id, permission, patterns }: PermissionRequest): Promise<void> {
    this.printer.note(`! permission requested: ${permission} (${patterns.join(', ')}); auto-rejecting`);
    await this.client.post(`/permission/${id}/reply`, { reply: 'reject' });
  }
}

function isFinal(part: Part): boolean {
  if (part.type === 'text' || part.type === 'reasoning') return part.time?.end !== undefined;
  return part.type !== 'tool' || part.state.status === 'completed' || part.state.status === 'error';
}
