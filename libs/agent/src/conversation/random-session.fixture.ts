import type { MessageWithParts } from '#libs/contract';

/** Numbers between 0 and 1 that are the same in each run. */
function randomNumbers(seed: number): () => number {
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
  /** What was stored at that time. */
  stored: MessageWithParts[];
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
  readonly begun: BegunTurn[] = [];
  /** Messages by turn, in the order in which the turns were asked for. */
  private readonly turns: MessageWithParts[][] = [];
  /** The one that is running. */
  private running: MessageWithParts[] = [];
  private count = 0;
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

  /** The messages as a store orders them: turn by turn. */
  get stored(): MessageWithParts[] {
    return this.turns.flat();
  }

  private turn(asked: string): void {
    this.running = this.turns.find(([first]) => first?.info.id === asked) ?? [];
    // everything that came before it, and nothing that came after
    this.told.push(...this.loose.filter((id) => id <= asked));
    this.loose = this.loose.filter((id) => id > asked);
    this.begun.push({ asked, stored: this.stored, reads: [...this.told] });
    if (this.isRequest(asked)) return void this.summary(asked, false);
    let parent = asked;
    for (let steps = Math.ceil(this.random() * 4); steps > 0; steps--) {
      this.disturb();
      this.told.push(this.answer(parent));
      if (!this.chance(0.25)) continue;
      this.disturb();
      const request = this.say({ role: 'user' }, { type: 'compaction', auto: true });
      if (!this.summary(request, true)) break;
      parent = this.say({ role: 'user' }, { type: 'text', text: 'go on', synthetic: true });
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
      const id = this.say({ ...parent, ...end }, { type: 'text', text: 'summary' });
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
    const part = this.chance(0.15) ? { type: 'compaction', auto: this.chance(0.5) } : { type: 'text', text: 'x' };
    const id = this.begin(part);
    this.loose.push(id);
    this.queue.push(id);
  }

  private note(): void {
    this.loose.push(this.begin({ type: 'text', text: 'note' }));
  }

  private answer(parentID: string): string {
    const output = 'x'.repeat(Math.round(this.random() * 60_000));
    const id = `p${this.count}`;
    const tool = { type: 'tool', tool: 'read', id, state: { status: 'completed', output, time: {} } };
    const end = this.chance(0.1) ? ERROR : { finish: 'stop' };
    return this.say({ role: 'assistant', parentID, ...end }, { type: 'text', text: 'x' }, tool);
  }

  /** Adds a user message that begins a turn. */
  private begin(part: object): string {
    const turn: MessageWithParts[] = [];
    this.turns.push(turn);
    return this.add(turn, { role: 'user' }, [part]);
  }

  /** Adds a message to the turn that is running. */
  private say(info: object, ...parts: object[]): string {
    return this.add(this.running, info, parts);
  }

  private add(turn: MessageWithParts[], info: object, parts: object[]): string {
    const id = `m${String(this.count++).padStart(4, '0')}`;
    turn.push({ info: { id, ...info }, parts } as unknown as MessageWithParts);
    return id;
  }

  private isRequest(id: string): boolean {
    return this.stored.some(({ info, parts }) => info.id === id && parts.some(({ type }) => type === 'compaction'));
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }
}
