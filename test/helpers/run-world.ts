import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  type EventReader,
  type ReceivedEvent,
  ScriptedModel,
  scriptedProvider,
  TemporaryProject,
  type TemporaryProjectOptions,
  type TestReply,
  TestServer,
  type TestServerOptions,
} from '../../src/testing.js';
import { violations } from './event-invariants.js';
import { story } from './event-story.js';
import { ProjectClient } from './project-client.js';

/** Milliseconds until all must have been told. */
const PATIENCE = 3_000;

/** One server and one scripted model for all tests of a file; each test has projects of its own. */
export class RunWorld {
  private readonly places: Place[] = [];

  private constructor(
    readonly server: TestServer,
    readonly model: ScriptedModel,
  ) {}

  static async start(options: TestServerOptions = {}): Promise<RunWorld> {
    return new RunWorld(await TestServer.start(options), await ScriptedModel.start());
  }

  /** A project that uses the scripted model, with its event stream open. */
  async place(options: TemporaryProjectOptions = {}): Promise<Place> {
    const project = await TemporaryProject.create({ model: this.model, ...options });
    const { directory } = project;
    const events = await this.server.events({ directory });
    const place = new Place(this.server, project, events);
    this.places.push(place);
    return place;
  }

  /** Configuration in which the scripted model has a certain id: tools depend on it. */
  modelNamed(id: string): Record<string, unknown> {
    const config = scriptedProvider(this.model) as { provider: { scripted: { models: { test: object } } } };
    Object.assign(config.provider.scripted.models.test, { id });
    return config;
  }

  /** After each test: what was logged must be sound, and all of it can be read back as it was told. */
  async settle(): Promise<void> {
    const left = this.model.pending;
    this.model.clear();
    for (const place of this.places.splice(0)) await place.close();
    if (left > 0) throw new Error(`${left} scripted replies were not asked for`);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.model.close();
  }
}

/** A project of a test, seen through the server. */
export class Place extends ProjectClient {
  constructor(
    server: TestServer,
    project: TemporaryProject,
    readonly events: EventReader,
  ) {
    super(server, project);
  }

  /** Makes a session and returns its id. */
  async session(input: object = {}): Promise<string> {
    return (await this.create(input)).id;
  }

  abort(sessionID: string): Promise<TestReply> {
    return this.post(`/session/${sessionID}/abort`);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  async history(sessionID: string): Promise<{ info: any; parts: any[] }[]> {
    return (await this.get(`/session/${sessionID}/message`)).body;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  async permissions(): Promise<any[]> {
    return (await this.get('/permission')).body;
  }

  /** Waits for a permission request and returns it. */
  async asked(): Promise<ReceivedEvent['properties']> {
    return (await this.events.next('permission.asked')).properties;
  }

  allow(requestID: string, reply: 'once' | 'always' | 'reject' = 'once', message?: string): Promise<TestReply> {
    return this.post(`/permission/${requestID}/reply`, { reply, ...(message !== undefined && { message }) });
  }

  /** Waits until the state of a call, or another part, is as described. */
  part(matches: (part: ReceivedEvent['properties']) => boolean): Promise<ReceivedEvent> {
    return this.events.next(({ type, properties }) => type === 'message.part.updated' && matches(properties['part']));
  }

  /** The events of a session, from its creation on. */
  log(sessionID: string): ReceivedEvent[] {
    return this.events.all(({ properties }) => sessionOf(properties) === sessionID);
  }

  /** The events of a session in short lines. */
  story(sessionID: string): string[] {
    return story(this.log(sessionID));
  }

  /** The lines after those of its creation. */
  tale(sessionID: string): string[] {
    return this.story(sessionID).slice(2);
  }

  async close(): Promise<void> {
    try {
      const look = async () => [...violations(this.events.log), ...(await this.differences())];
      let found = await look();
      // an answer may be ahead of the last events
      for (const end = Date.now() + PATIENCE; found.length > 0 && Date.now() < end; found = await look())
        await delay(20);
      if (found.length > 0) throw new Error(`${found.join('\n')}\n\n${story(this.events.log).join('\n')}`);
    } finally {
      this.events.close();
      await this.server.request('/instance/dispose', { directory: this.directory, method: 'POST' });
      await this.project.remove();
    }
  }

  /** What can be read is what was told last. */
  private async differences(): Promise<string[]> {
    const found: string[] = [];
    const deleted = new Set(this.events.all('session.deleted').map(({ properties }) => properties['info'].id));
    const sessions = new Set(this.events.all('session.created').map(({ properties }) => properties['info'].id));
    for (const sessionID of sessions) {
      if (deleted.has(sessionID)) continue;
      const history = await this.history(sessionID);
      found.push(...misplaced(history));
      const told = lastTold(this.log(sessionID));
      const stored = new Map<string, unknown>();
      for (const { info, parts } of history) {
        stored.set(info.id, info);
        for (const part of parts) stored.set(part.id, part);
      }
      for (const [id, body] of told)
        if (!isDeepStrictEqual(stored.get(id), body))
          found.push(`${id} was told as ${JSON.stringify(body)} and is ${JSON.stringify(stored.get(id))}`);
      for (const id of stored.keys()) if (!told.has(id)) found.push(`${id} was never told`);
    }
    return found;
  }
}

/** Clients sort by id: where the ids of the prompts are in order, those of all messages are. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
function misplaced(history: readonly { info: any }[]): string[] {
  const ids = history.map(({ info }) => info.id as string);
  const asked = history.filter(({ info }) => info.role === 'user').map(({ info }) => info.id as string);
  const inOrder = (list: string[]) => isDeepStrictEqual(list, list.toSorted());
  return inOrder(asked) && !inOrder(ids) ? [`ids are not in order: ${ids.join(' ')}`] : [];
}

function lastTold(events: readonly ReceivedEvent[]): Map<string, unknown> {
  const told = new Map<string, unknown>();
  for (const { type, properties } of events) {
    if (type === 'message.updated') told.set(properties['info'].id, properties['info']);
    if (type === 'message.part.updated') told.set(properties['part'].id, properties['part']);
    if (type === 'message.part.removed') told.delete(properties['partID']);
    if (type !== 'message.removed') continue;
    for (const [id, body] of told)
      if (id === properties['messageID'] || (body as { messageID?: string }).messageID === properties['messageID'])
        told.delete(id);
  }
  return told;
}

function sessionOf(properties: ReceivedEvent['properties']): string | undefined {
  const { sessionID, info, part } = properties;
  if (sessionID !== undefined) return sessionID;
  return part?.sessionID ?? info?.sessionID ?? info?.id;
}
