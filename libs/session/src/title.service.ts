import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { Injectable, Logger } from '@nestjs/common';
import { AgentService, TITLE_INSTRUCTION, toPrompt } from '#libs/agent';
import type { MessageWithParts, Model, Part, Session } from '#libs/contract';
import { Clock } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { adaptPrompt, ProviderService } from '#libs/provider';
import { isDefaultTitle } from './session-title.js';
import { PromptHooks } from './turn/prompt-hooks.service.js';
import { SessionService } from './session.service.js';

/** Milliseconds one attempt may take, and the pause between two. */
const ATTEMPT_LIMIT = 60_000;
const PAUSE = 2_000;
const ATTEMPTS = 3;
const MAX_LENGTH = 100;

export interface TitleInput {
  session: Session;
  model: Model;
  /** The conversation so far. */
  history: readonly MessageWithParts[];
}

/** Names new sessions after their first prompt, in the background. */
@Injectable()
export class TitleService {
  private readonly log = new Logger(TitleService.name);
  /** Sessions that are being named. */
  private readonly busy = new Set<string>();

  constructor(
    private readonly sessions: SessionService,
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly clock: Clock,
    private readonly hooks: PromptHooks,
  ) {}

  /** Returns at once. Does nothing unless the session is a root one, still unnamed, with its first real prompt. */
  start(instance: Instance, input: TitleInput): void {
    const first = firstPrompt(input);
    const { id } = input.session;
    if (!first || this.busy.has(id)) return;
    this.busy.add(id);
    this.write(instance, input, first)
      .catch((error: unknown) => {
        if (!instance.signal.aborted) this.log.warn(`No title for session ${id}: ${String(error)}`);
      })
      .finally(() => this.busy.delete(id));
  }

  private async write(instance: Instance, { session, model }: TitleInput, first: MessageWithParts[]): Promise<void> {
    // a turn that begins with subtasks comes here twice
    if (!isDefaultTitle((await this.sessions.get(session.id)).title)) return;
    const agent = await this.agents.get(instance, 'title');
    const asked = first.at(-1);
    const small = agent.model
      ? await this.providers.model(instance, agent.model)
      : await this.providers.smallModel(instance, model);
    const sessionID = session.id;
    const system = await this.hooks.system(instance, { sessionID, model: small }, agent.prompt ?? '');
    const prompt = adaptPrompt(
      [
        ...system,
        { role: 'user', content: [{ type: 'text', text: TITLE_INSTRUCTION }] },
        ...toPrompt(first.map(withSubtaskTexts), small),
      ],
      small,
    );
    const settings = await this.providers.callSettings(instance, small, {
      sessionID,
      agent,
      small: true,
      initiator: 'agent',
      ...(asked?.info.role === 'user' && { message: asked.info }),
    });
    const title = cleanTitle(await this.ask(instance, small, { prompt, ...settings }));
    if (title === '') return;
    await this.sessions.modify(instance, session.id, (stored) =>
      // a person who named it meanwhile wins
      isDefaultTitle(stored.title) ? { ...stored, title } : stored,
    );
  }

  private async ask(instance: Instance, model: Model, options: LanguageModelV4CallOptions): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const abortSignal = AbortSignal.any([instance.signal, AbortSignal.timeout(ATTEMPT_LIMIT)]);
      try {
        const language = await this.providers.languageModel(instance, model);
        const { stream } = await language.doStream({ ...options, abortSignal });
        let text = '';
        for await (const part of stream) {
          if (part.type === 'text-delta') text += part.delta;
          if (part.type === 'error') throw part.error;
        }
        return text;
      } catch (error) {
        if (attempt === ATTEMPTS || instance.signal.aborted) throw error;
        await this.clock.sleep(PAUSE, instance.signal);
      }
    }
  }
}

/** The conversation to name, or undefined when the session is not to be named now. */
function firstPrompt({ session, history }: TitleInput): MessageWithParts[] | undefined {
  if (session.parentID !== undefined || !isDefaultTitle(session.title)) return undefined;
  const real = history.filter(({ info, parts }) => info.role === 'user' && !parts.every(isSynthetic));
  const only = real[0];
  return real.length === 1 && only ? history.slice(0, history.indexOf(only) + 1) : undefined;
}

/** Subtasks are told by what they ask for. */
const withSubtaskTexts = ({ info, parts }: MessageWithParts): MessageWithParts => ({
  info,
  parts: parts.map((part) => {
    if (part.type !== 'subtask') return part;
    const { id, sessionID, messageID, prompt } = part;
    return { id, sessionID, messageID, type: 'text', text: prompt };
  }),
});

const isSynthetic = (part: Part) => 'synthetic' in part && part.synthetic === true;

/** One line without the thoughts some models write before it. */
function cleanTitle(text: string): string {
  const lines = text.replace(/<think>[\s\S]*?<\/think>\s*/g, '').split('\n');
  const title = lines.map((line) => line.trim()).find((line) => line !== '') ?? '';
  return title.length > MAX_LENGTH ? `${title.slice(0, MAX_LENGTH - 3)}...` : title;
}
