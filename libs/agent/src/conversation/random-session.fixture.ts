import type { MessageWithParts } from '#libs/contract';
import { CONTINUATION } from './continuation.js';

/** Numbers between 0 and 1 that are the same in each run. */
export function randomNumbers(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a turn was begun with. */
export interface BegunTurn {
  /** The user message. */
  asked: string;
  /** Number of messages that were stored at that time. */
  stored: number;
  /** Ids of the messages that its model has to read, in this order. */
  reads: string[];
}

const ERROR = { error: { name: 'APIError' } };

/**
 * A session that lives by chance: prompts, some of them queued behind a turn that is running, notes at any time, turns
 * of several steps that are summarised in between, summaries that a person asks for, that fail or are interrupted,
 * aborts that drop what is queued. Beside the stored messages it keeps account of what each turn must read.
 */
export class RandomSession {
  readonly stored: MessageWithParts[] = [];
  readonly begun: BegunTurn[] = [];
  private readonly random: () => number;
  private readonly queue: string[] = [];
  /** What the next turn reads, as far as it is known. */
  private told: string[] = [];
  /** Stored and in no conversation yet. */
  private loose: string[] = [];

  constructor(seed: number) {
    this.random = randomNumbers(seed);
    for (let rounds = Math.ceil(this.random() * 8); rounds > 0; rounds--) {
      if (this.chance(0.3)) this.note();
      this.ask();
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.turn(next);
    }
  }

  private turn(asked: string): void {
    // everything that came before it, and nothing that came after
    this.told.push(...this.loose.filter((id) => id <= asked));
    this.loose = this.loose.filter((id) => id > asked);
    this.begun.push({ asked, stored: this.stored.length, reads: [...this.told] });
    if (this.isRequest(asked)) return void this.summary(asked, false);
    let parent = asked;
    for (let steps = Math.ceil(this.random() * 4); steps > 0; steps--) {
      this.disturb();
      this.told.push(this.answer(parent));
      if (!this.chance(0.25)) continue;
      this.disturb();
      const request = this.add({ role: 'user' }, { type: 'compaction', auto: true });
      if (!this.summary(request, true)) break;
      parent = this.add({ role: 'user' }, { type: 'text', text: 'go on', synthetic: true, metadata: CONTINUATION });
      this.told.push(parent);
    }
    if (this.chance(0.1)) this.abort();
  }

  /** True when the conversation is its summary from here on. */
  private summary(request: string, auto: boolean): boolean {
    this.disturb();
    const done = this.chance(0.7);
    const end = done ? { finish: 'stop' } : this.chance(0.5) ? ERROR : {};
    if (done || this.chance(0.8)) {
      const parent = { role: 'assistant', parentID: request, summary: true };
      const id = this.add({ ...parent, ...end }, { type: 'text', text: 'summary' });
      if (done) this.told = [request, id];
    }
    // an attempt that failed is no part of the conversation
    if (!done && !auto) this.told = this.told.filter((id) => id !== request);
    return done;
  }

  /** What people do while a turn is running. */
  private disturb(): void {
    if (this.chance(0.15)) this.ask();
    if (this.chance(0.15)) this.note();
  }

  /** What waits is never answered: prompts become notes, and a summary was never asked for. */
  private abort(): void {
    const dropped = new Set(this.queue.splice(0).filter((id) => this.isRequest(id)));
    this.loose = this.loose.filter((id) => !dropped.has(id));
  }

  private ask(): void {
    const part = this.chance(0.15) ? { type: 'compaction', auto: false } : { type: 'text', text: 'x' };
    const id = this.add({ role: 'user' }, part);
    this.loose.push(id);
    this.queue.push(id);
  }

  private note(): void {
    this.loose.push(this.add({ role: 'user' }, { type: 'text', text: 'note' }));
  }

  private answer(parentID: string): string {
    const output = 'x'.repeat(Math.round(this.random() * 60_000));
    const id = `p${this.stored.length}`;
    const tool = { type: 'tool', tool: 'read', id, state: { status: 'completed', output, time: {} } };
    const end = this.chance(0.1) ? ERROR : { finish: 'stop' };
    return this.add({ role: 'assistant', parentID, ...end }, { type: 'text', text: 'x' }, tool);
  }

  private add(info: object, ...parts: object[]): string {
    const id = `m${String(this.stored.length).padStart(4, '0')}`;
    this.stored.push({ info: { id, ...info }, parts } as unknown as MessageWithParts);
    return id;
  }

  private isRequest(id: string): boolean {
    return this.stored.some(({ info, parts }) => info.id === id && parts.some(({ type }) => type === 'compaction'));
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }
}
