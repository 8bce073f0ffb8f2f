import type { StepEvent, StepOutcome } from '#libs/agent';
import type { AssistantMessage, UserMessage } from '#libs/contract';
import { abortedError } from '../message/aborted-error.js';
import { newAnswer } from '../message/assistant-message.js';
import type { MessageWriter, MessageWriterFactory } from '../message/message.writer.js';
import type { TurnPlace } from '../message/turn-place.js';
import type { UserMessageWithParts } from '../message/user-message.writer.js';
import type { TurnSurroundings } from '../run/run-turn.js';

/** The messages that one turn writes: an answer for each step, and what makes the work go on. The last is the answer. */
export class TurnMessages {
  private writer: MessageWriter | undefined;

  constructor(
    private readonly surroundings: TurnSurroundings,
    private readonly place: TurnPlace,
    private readonly writers: MessageWriterFactory,
  ) {}

  /** The newest message; undefined when what goes wrong now needs a message of its own. */
  get newest(): MessageWriter | undefined {
    return this.writer;
  }

  async open(user: UserMessage, more: Partial<AssistantMessage> = {}): Promise<MessageWriter> {
    const { instance, controller } = this.surroundings;
    const message = newAnswer(instance, user, this.place.next(), this.writers.clock.now(), {
      ...(user.variant !== undefined && { variant: user.variant }),
      ...more,
    });
    // without storage the turn cannot go on
    const writer = this.writers.create(instance, message, (error) => controller.abort(error));
    this.writer = writer;
    await writer.open(this.place.began);
    return writer;
  }

  /** Writes what a step tells. */
  tell(event: Exclude<StepEvent, { type: 'step-finish' }>, writer: MessageWriter): void {
    const { setStatus } = this.surroundings;
    if (event.type === 'stream-open') return setStatus({ type: 'busy' });
    if (event.type === 'retry') {
      const { attempt, message, next } = event;
      setStatus({ type: 'retry', attempt, message, next });
    }
    writer.apply(event);
  }

  /** Completes a message with how its step ended. */
  async close(writer: MessageWriter, outcome: StepOutcome): Promise<void> {
    if (outcome.kind === 'finished') return writer.close();
    if (outcome.kind === 'aborted') return writer.close(abortedError());
    this.surroundings.onError(outcome.error);
    return writer.close(outcome.error);
  }

  /** Writes the text that makes the work go on. @param asked what it goes on with */
  follow(asked: UserMessage, text: string): Promise<UserMessageWithParts> {
    return this.writers.userMessages.follow(this.surroundings.instance, asked, text, this.place);
  }

  /** Something else begins: should it fail, it is no failure of the newest message. */
  leave(): void {
    this.writer = undefined;
  }
}
