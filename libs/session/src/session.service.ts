import { Injectable } from '@nestjs/common';
import {
  createId,
  NotFoundError,
  type Session,
  type SessionCreateInput,
  type SessionListQuery,
  type SessionUpdateInput,
  type Todo,
  createSlug,
} from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, Environment } from '#libs/extension';
import { type Instance, KeyedQueue } from '#libs/instance';
import { RunRegistry } from './run/run.registry.js';
import { SessionStores } from './session-stores.js';
import { defaultTitle } from './session-title.js';

const DEFAULT_LIST_LIMIT = 100;

/** Answers questions about sessions and changes them. Runs belong to the SessionRunner. @publicApi */
@Injectable()
export class SessionService {
  /** Clients hear of the changes of one session in their order. */
  private readonly writes = new KeyedQueue();

  constructor(
    private readonly stores: SessionStores,
    private readonly bus: EventBus,
    private readonly runs: RunRegistry,
    private readonly clock: Clock,
    private readonly environment: Environment,
  ) {}

  async create(instance: Instance, input: SessionCreateInput = {}): Promise<Session> {
    const now = this.clock.now();
    const session: Session = {
      id: createId('session'),
      slug: createSlug(),
      projectID: instance.project.id,
      directory: instance.directory,
      ...(input.parentID !== undefined && { parentID: input.parentID }),
      title: input.title ?? defaultTitle(now, input.parentID !== undefined),
      version: this.environment.version,
      ...(input.permission && { permission: input.permission }),
      time: { created: now, updated: now },
    };
    await this.stores.sessions.insert(session);
    this.bus.publish(instance, 'session.created', { info: session });
    this.bus.publish(instance, 'session.updated', { info: session });
    return session;
  }

  /** Sessions of the instance's project, newest update first. */
  async list(instance: Instance, query: SessionListQuery = {}): Promise<Session[]> {
    const { limit = DEFAULT_LIST_LIMIT, start, ...filter } = query;
    if (limit === 0) return [];
    return this.stores.sessions.list({
      ...filter,
      projectID: instance.project.id,
      ...(start && { start }),
      ...(filter.search === '' && { search: undefined }),
      ...(limit > 0 && { limit: Math.ceil(limit) }),
    });
  }

  /** Found by its id alone, whatever the project. */
  async get(sessionID: string): Promise<Session> {
    const session = await this.stores.sessions.find(sessionID);
    if (!session) throw new NotFoundError(`Session not found: ${sessionID}`);
    return session;
  }

  /** Those of some sessions that belong to the directory of an instance. */
  async ofDirectory({ directory }: Instance, sessionIDs: readonly string[]): Promise<string[]> {
    const found = await Promise.all(sessionIDs.map((id) => this.stores.sessions.find(id)));
    return found.flatMap((session) => (session?.directory === directory ? [session.id] : []));
  }

  /** One event for each field that is given. */
  async update(instance: Instance, sessionID: string, input: SessionUpdateInput): Promise<Session> {
    let session = await this.get(sessionID);
    if (input.title !== undefined) {
      const { title } = input;
      session = await this.modify(instance, sessionID, (stored) => ({ ...stored, title }));
    }
    if (input.time?.archived !== undefined) {
      const { archived } = input.time;
      session = await this.modify(instance, sessionID, (stored) => ({ ...stored, time: { ...stored.time, archived } }));
    }
    return session;
  }

  /** Moves `time.updated`. */
  touch(instance: Instance, sessionID: string): Promise<Session> {
    return this.modify(instance, sessionID, (session) => session);
  }

  /** The one way to change a stored session: atomic, dated and published. */
  modify(instance: Instance, sessionID: string, change: (session: Session) => Session): Promise<Session> {
    return this.writes.run(sessionID, async () => {
      const session = await this.stores.sessions.update(sessionID, (stored) => {
        const changed = change(stored);
        return { ...changed, time: { ...changed.time, updated: this.clock.now() } };
      });
      if (!session) throw new NotFoundError(`Session not found: ${sessionID}`);
      this.bus.publish(instance, 'session.updated', { info: session });
      return session;
    });
  }

  /** Ends its run, then removes it with everything it holds; its children first. */
  async remove(instance: Instance, sessionID: string): Promise<void> {
    await this.get(sessionID);
    // with the runs that work for it: none may go on with what another had time to say, or begin a further child
    await this.runs.abort(sessionID);
    await this.runs.entering.run(sessionID, async () => {
      const info = await this.get(sessionID);
      // what was about to begin
      await this.runs.abort(sessionID);
      for (const { id } of await this.stores.sessions.list({ parentID: sessionID })) await this.remove(instance, id);
      if (await this.stores.sessions.remove(sessionID)) this.bus.publish(instance, 'session.deleted', { info });
    });
  }

  /** Oldest first. */
  async children(sessionID: string): Promise<Session[]> {
    const session = await this.get(sessionID);
    const children = await this.stores.sessions.list({ projectID: session.projectID, parentID: sessionID });
    return children.sort((a, b) => a.time.created - b.time.created);
  }

  /** Ids of a session and of all below it, at any depth. */
  async family(sessionID: string): Promise<string[]> {
    await this.get(sessionID);
    const ids = new Set([sessionID]);
    // what is added on the way is visited too
    for (const parentID of ids) for (const { id } of await this.stores.sessions.list({ parentID })) ids.add(id);
    return [...ids];
  }

  async todos(sessionID: string): Promise<Todo[]> {
    await this.get(sessionID);
    return this.stores.todos.list(sessionID);
  }
}
