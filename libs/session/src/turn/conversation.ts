import type { MessageWithParts, Part, UserMessage } from '#libs/contract';

/** What the model reads in one turn, and the message that it answers. */
export class Conversation {
  constructor(
    private user: UserMessage,
    private messages: MessageWithParts[],
  ) {}

  /** What is being answered: the prompt, or what the server wrote to make the work go on. */
  get asked(): UserMessage {
    return this.user;
  }

  get history(): readonly MessageWithParts[] {
    return this.messages;
  }

  private find(messageID: string): MessageWithParts | undefined {
    return this.messages.find(({ info }) => info.id === messageID);
  }

  /** The parts of what is being answered. */
  get askedParts(): readonly Part[] {
    return this.find(this.user.id)?.parts ?? [];
  }

  /** Whether a step has been made already: what comes now goes on with it. */
  get isAnswered(): boolean {
    const newest = this.messages.findLast(({ parts }) => parts.length > 0);
    return newest?.info.role === 'assistant';
  }

  add(message: MessageWithParts): void {
    this.messages.push(message);
  }

  /** From here on another message is answered. */
  goOn(next: MessageWithParts & { info: UserMessage }): void {
    this.messages.push(next);
    this.user = next.info;
  }

  /** Puts a summary, with the request for it, into the place of everything said so far. */
  condense(requestID: string, summary: MessageWithParts): void {
    const request = this.find(requestID);
    this.messages = [...(request ? [request] : []), summary];
  }
}
