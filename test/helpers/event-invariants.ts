import { isDeepStrictEqual } from 'node:util';
import type { ReceivedEvent } from '../../src/testing.js';

type Body = ReceivedEvent['properties'];

interface SeenMessage {
  info: Body;
  completed: boolean;
}

interface SeenPart {
  part: Body;
  /** Text grown by deltas since it was last told in whole. */
  grown: string;
}

/** Transitions a tool part may make; progress of a running call repeats its state. */
const TOOL_STEPS: Readonly<Record<string, readonly string[]>> = {
  pending: ['running', 'error'],
  running: ['running', 'completed', 'error'],
  completed: [],
  error: [],
};

/**
 * What every log of events must fulfil, whatever happened: what clients build their picture of a session on. Returns
 * the violations in words. The log must begin before the first session in it was made.
 * @param open sessions that are still working at the end of the log
 */
export function violations(events: readonly ReceivedEvent[], open: readonly string[] = []): string[] {
  const log = new EventLog();
  events.forEach((event, index) => log.take(event, index));
  log.end(new Set(open));
  return log.found;
}

class EventLog {
  readonly found: string[] = [];
  private readonly sessions = new Map<string, { status: string; deleted: boolean }>();
  private readonly messages = new Map<string, SeenMessage>();
  private readonly parts = new Map<string, SeenPart>();
  private readonly requests = new Map<string, Body>();
  private readonly answered = new Set<string>();
  /** Sessions that begin with messages of another one, which come as they are. */
  private readonly copies = new Set<string>();
  /** A session whose status became idle in the event before. */
  private justIdle: string | undefined;
  private where = '';

  take(event: ReceivedEvent, index: number): void {
    const { type, properties } = event;
    this.where = `#${index} ${type}`;
    this.followsIdle(event);
    switch (type) {
      case 'session.created':
        this.check(!this.sessions.has(properties['info'].id), 'the session was created before');
        this.sessions.set(properties['info'].id, { status: 'idle', deleted: false });
        if (/\(fork #\d+\)$/.test(properties['info'].title)) this.copies.add(properties['info'].id);
        break;
      case 'session.updated':
        this.session(properties['info'].id);
        break;
      case 'session.deleted':
        this.session(properties['info'].id).deleted = true;
        break;
      case 'session.status':
        this.status(properties);
        break;
      case 'message.updated':
        this.message(properties['info']);
        break;
      case 'message.part.updated':
        this.part(properties['part']);
        break;
      case 'message.part.delta':
        this.delta(properties);
        break;
      case 'message.removed':
        this.check(this.messages.delete(properties['messageID']), 'removes a message that is unknown');
        for (const [id, { part }] of this.parts)
          if (part['messageID'] === properties['messageID']) this.parts.delete(id);
        break;
      case 'message.part.removed':
        this.check(this.parts.delete(properties['partID']), 'removes a part that is unknown');
        break;
      case 'permission.asked':
      case 'question.asked':
        this.asked(properties);
        break;
      case 'permission.replied':
      case 'question.replied':
      case 'question.rejected':
        this.check(this.requests.delete(properties['requestID']), 'answers a request that is not open');
        this.check(!this.answered.has(properties['requestID']), 'answers a request again');
        this.answered.add(properties['requestID']);
        break;
      case 'session.error':
        this.check(properties['error']?.data !== undefined, 'has no error body');
        break;
    }
  }

  end(open: ReadonlySet<string>): void {
    this.where = 'at the end';
    this.check(this.justIdle === undefined, 'the session.idle of an idle status is missing');
    for (const [id, { status, deleted }] of this.sessions)
      if (!open.has(id) && !deleted) this.check(status === 'idle', `${id} is still ${status}`);
    for (const { info, completed } of this.messages.values())
      if (info['role'] === 'assistant' && !open.has(info['sessionID']))
        this.check(completed, `${info['id']} is not completed`);
    for (const request of this.requests.values())
      if (!open.has(request['sessionID'])) this.check(false, `${request['id']} is still open`);
    for (const { part } of this.parts.values())
      if (!open.has(part['sessionID'])) this.check(isOver(part), `${part['id']} (${part['type']}) is not over`);
  }

  private followsIdle({ type, properties }: ReceivedEvent): void {
    if (this.justIdle !== undefined)
      this.check(
        type === 'session.idle' && properties['sessionID'] === this.justIdle,
        'stands where the session.idle of an idle status belongs',
      );
    else this.check(type !== 'session.idle', 'comes without an idle status');
    this.justIdle =
      type === 'session.status' && properties['status'].type === 'idle' ? properties['sessionID'] : undefined;
  }

  private status({ sessionID, status }: Body): void {
    this.session(sessionID).status = status.type;
    if (status.type !== 'retry') return;
    this.check(Number.isInteger(status.attempt) && status.attempt > 0, `attempt ${status.attempt}`);
    this.check(status.next > 0 && status.message !== '', 'a retry says neither when nor why');
  }

  private message(info: Body): void {
    this.session(info['sessionID']);
    if (this.copies.has(info['sessionID']) && this.sessions.get(info['sessionID'])?.status === 'idle')
      return void this.messages.set(info['id'], { info, completed: info['time'].completed !== undefined });
    this.check(info['id'].startsWith('msg'), `the message id ${info['id']}`);
    const before = this.messages.get(info['id']);
    if (!before && info['role'] === 'assistant') {
      const parent = this.messages.get(info['parentID'])?.info;
      this.check(parent?.['role'] === 'user', `the parent ${info['parentID']} is unknown`);
      this.check(parent?.['sessionID'] === info['sessionID'], 'the parent belongs to another session');
      this.check(info['time'].completed === undefined, 'an answer begins completed');
      this.check(info['time'].created >= (parent?.['time'].created ?? 0), 'an answer is older than its question');
    }
    if (before) {
      this.check(before.info['role'] === info['role'], 'a message changes its role');
      this.check(before.info['time'].created === info['time'].created, 'a message changes its time');
      this.check(!before.completed, 'a completed message changes');
    }
    const completed = info['time'].completed !== undefined;
    if (completed)
      for (const { part } of this.parts.values())
        if (part['messageID'] === info['id'])
          this.check(isOver(part), `is completed before its part ${part['id']} (${part['type']})`);
    this.messages.set(info['id'], { info, completed });
  }

  private part(part: Body): void {
    if (this.copies.has(part['sessionID']) && this.sessions.get(part['sessionID'])?.status === 'idle')
      return void this.parts.set(part['id'], { part, grown: part['text'] ?? '' });
    const message = this.messages.get(part['messageID']);
    if (!this.check(message !== undefined, `the message of ${part['id']} is unknown`)) return;
    this.check(message!.info['sessionID'] === part['sessionID'], 'a part names another session');
    const before = this.parts.get(part['id']);
    // old outputs are marked long after their time
    if (before && isPruned(before.part, part)) return void this.parts.set(part['id'], { part, grown: '' });
    // so may people change what is over, while nothing runs
    const idle = this.sessions.get(part['sessionID'])?.status === 'idle';
    if (before && idle && isOver(before.part) && isOver(part))
      return void this.parts.set(part['id'], { part, grown: '' });
    this.check(!message!.completed, 'a part of a completed message changes');
    if (before) this.partChange(before, part);
    else this.partStart(part);
    this.parts.set(part['id'], { part, grown: part['text'] ?? '' });
  }

  private partStart(part: Body): void {
    const ids = [...this.parts.values()].filter((seen) => seen.part['messageID'] === part['messageID']);
    const role = this.messages.get(part['messageID'])?.info['role'];
    if (role === 'user') return;
    this.check(
      ids.every((seen) => seen.part['id'] < part['id']),
      `part ids are not in the order of their parts: ${[...ids.map((seen) => seen.part['id']), part['id']].join(' ')}`,
    );
    // a message of a subtask or a shell command has nothing but a call that no model made
    if (ids.length === 0 && part['type'] === 'tool' && part['state'].status === 'running') return;
    // nor did a model make the calls of a call, which are named like their parts
    const first = part['callID'] === part['id'] ? 'running' : 'pending';
    if (part['type'] === 'tool') this.check(part['state'].status === first, 'a tool part begins otherwise');
    if (part['type'] === 'text' || part['type'] === 'reasoning') this.check(part['text'] === '', 'a text begins full');
    if (part['type'] !== 'step-start')
      this.check(
        ids.some((seen) => seen.part['type'] === 'step-start'),
        'comes before the step has started',
      );
  }

  private partChange(before: SeenPart, part: Body): void {
    this.check(before.part['type'] === part['type'], 'a part changes its type');
    this.check(before.part['messageID'] === part['messageID'], 'a part moves to another message');
    if (part['type'] === 'text' || part['type'] === 'reasoning') {
      this.check(!isOver(before.part) || isUserPart(before.part), 'a text that has ended changes');
      const told = isOver(part) ? before.grown.trimEnd() : before.grown;
      this.check(part['text'] === told, `${JSON.stringify(part['text'])} is not what the deltas said: ${told}`);
      if (isOver(part)) this.check(part['time'].end >= part['time'].start, 'a text ends before it starts');
    }
    if (part['type'] === 'tool') {
      const { state } = part;
      this.check(before.part['callID'] === part['callID'], 'a call changes its id');
      this.check(
        TOOL_STEPS[before.part['state'].status]?.includes(state.status) ?? false,
        `a call goes from ${before.part['state'].status} to ${state.status}`,
      );
      if (isOver(part)) this.check(state.time.end >= state.time.start, 'a call ends before it starts');
    }
  }

  private delta({ partID, messageID, sessionID, delta, field }: Body): void {
    const seen = this.parts.get(partID);
    if (!this.check(seen !== undefined, `the part ${partID} is unknown`)) return;
    this.check(seen!.part['messageID'] === messageID && seen!.part['sessionID'] === sessionID, 'names another message');
    this.check(!isOver(seen!.part), 'comes after the end of its part');
    this.check(field === 'text' && delta !== '', 'adds nothing');
    seen!.grown += delta;
  }

  private asked(request: Body): void {
    this.session(request['sessionID']);
    this.requests.set(request['id'], request);
    if (request['tool'] === undefined) return;
    const { messageID, callID } = request['tool'];
    const call = [...this.parts.values()].find(
      ({ part }) => part['messageID'] === messageID && part['callID'] === callID,
    );
    // clients show what is asked from the part of the call
    this.check(call?.part['state'].status === 'running', `the call ${callID} is not running`);
    this.check(call?.part['state'].input !== undefined, `the call ${callID} has no input`);
  }

  private session(id: string): { status: string; deleted: boolean } {
    const known = this.sessions.get(id);
    this.check(known !== undefined, `the session ${id} is unknown`);
    this.check(!known?.deleted, `the session ${id} was deleted`);
    return known ?? { status: 'idle', deleted: false };
  }

  private check(fulfilled: boolean, otherwise: string): boolean {
    if (!fulfilled) this.found.push(`${this.where}: ${otherwise}`);
    return fulfilled;
  }
}

const isUserPart = (part: Body) => part['time'] === undefined;

function isOver(part: Body): boolean {
  if (part['type'] === 'tool') return part['state'].status === 'completed' || part['state'].status === 'error';
  if (part['type'] !== 'text' && part['type'] !== 'reasoning') return true;
  return isUserPart(part) || part['time'].end !== undefined;
}

/** Whether a part is the same as before but for the mark that its output is withheld from the model. */
function isPruned(before: Body, { state, ...part }: Body): boolean {
  if (!state?.time?.compacted) return false;
  const { compacted: _mark, ...time } = state.time;
  return isDeepStrictEqual(before, { ...part, state: { ...state, time } });
}
