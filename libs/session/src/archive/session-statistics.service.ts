import { Injectable } from '@nestjs/common';
import type { AssistantMessage, MessageWithParts } from '#libs/contract';
import { Clock } from '#libs/extension';
import { SessionStores } from '../session-stores.js';

const DAY = 24 * 3_600_000;

/** @publicApi */
export interface StatisticsQuery {
  /** Sessions that were used in the last so many days; 0: today. Absent = all. */
  days?: number;
  /** Sessions of one project. Absent = all. */
  projectID?: string;
}

/** Numbers of tokens. @publicApi */
export interface TokenSums {
  input: number;
  output: number;
  reasoning: number;
  cacheRead: number;
  cacheWrite: number;
}

/** @publicApi */
export interface ModelUse {
  messages: number;
  /** US dollars. */
  cost: number;
  tokens: TokenSums;
}

/** What sessions have used. @publicApi */
export interface SessionStatistics {
  sessions: number;
  messages: number;
  /** From the first session to the last, at least 1. */
  days: number;
  /** US dollars. */
  cost: number;
  tokens: TokenSums;
  /** Tokens of the session in the middle. */
  medianTokens: number;
  /** By `provider/model`, most messages first. */
  models: Record<string, ModelUse>;
  /** How often each tool was called, most calls first. */
  tools: Record<string, number>;
}

/** Adds up what sessions have used. @publicApi */
@Injectable()
export class SessionStatisticsService {
  constructor(
    private readonly stores: SessionStores,
    private readonly clock: Clock,
  ) {}

  async collect({ days, projectID }: StatisticsQuery = {}): Promise<SessionStatistics> {
    const sessions = await this.stores.sessions.list({
      ...(projectID !== undefined && { projectID }),
      ...(days !== undefined && { start: this.since(days) }),
    });
    const sums = new Sums();
    // one after the other: a history can be large
    for (const { id } of sessions) sums.add(await this.stores.messages.list(id));
    const times = sessions.flatMap(({ time }) => [time.created, time.updated]);
    const span = times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
    return sums.result(sessions.length, Math.max(1, Math.ceil(span / DAY)));
  }

  private since(days: number): number {
    const now = this.clock.now();
    return days === 0 ? new Date(now).setHours(0, 0, 0, 0) : now - days * DAY;
  }
}

class Sums {
  private messages = 0;
  private cost = 0;
  private readonly tokens = noTokens();
  private readonly perSession: number[] = [];
  private readonly models = new Map<string, ModelUse>();
  private readonly tools = new Map<string, number>();

  add(history: readonly MessageWithParts[]): void {
    let used = 0;
    for (const { info, parts } of history) {
      this.messages++;
      if (info.role === 'assistant') used += this.answer(info);
      for (const part of parts)
        if (part.type === 'tool') this.tools.set(part.tool, (this.tools.get(part.tool) ?? 0) + 1);
    }
    this.perSession.push(used);
  }

  result(sessions: number, days: number): SessionStatistics {
    const { messages, cost, tokens } = this;
    return {
      ...{ sessions, messages, days, cost, tokens },
      medianTokens: this.perSession.sort((a, b) => a - b)[Math.floor(sessions / 2)] ?? 0,
      models: Object.fromEntries([...this.models].sort(([, a], [, b]) => b.messages - a.messages)),
      tools: Object.fromEntries([...this.tools].sort(([, a], [, b]) => b - a)),
    };
  }

  /** The tokens of the answer. */
  private answer({ providerID, modelID, cost, tokens }: AssistantMessage): number {
    const name = `${providerID}/${modelID}`;
    const model = this.models.get(name) ?? { messages: 0, cost: 0, tokens: noTokens() };
    this.models.set(name, model);
    model.messages++;
    model.cost += cost;
    this.cost += cost;
    const spent: TokenSums = {
      input: tokens.input,
      output: tokens.output,
      reasoning: tokens.reasoning,
      cacheRead: tokens.cache.read,
      cacheWrite: tokens.cache.write,
    };
    for (const sum of [this.tokens, model.tokens]) for (const kind of KINDS) sum[kind] += spent[kind];
    return KINDS.reduce((sum, kind) => sum + spent[kind], 0);
  }
}

const KINDS = ['input', 'output', 'reasoning', 'cacheRead', 'cacheWrite'] as const;
const noTokens = (): TokenSums => ({ input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 });
