import type { MessageError, Part } from '#libs/contract';
import type { Printer } from './follow.js';

/** One JSON object a line on stdout, for programs. */
export class JsonPrinter implements Printer {
  constructor(
    private readonly sessionID: string,
    private readonly thinking: boolean,
  ) {}

  start(): void {}

  part(part: Part): void {
    const type = this.typeOf(part);
    if (type) this.print(type, { part });
  }

  error(error: MessageError): void {
    this.print('error', { error });
  }

  note(text: string): void {
    console.error(text);
  }

  end(): void {}

  private typeOf(part: Part): string | undefined {
    switch (part.type) {
      case 'step-start':
        return 'step_start';
      case 'step-finish':
        return 'step_finish';
      case 'tool':
        return part.state.status === 'completed' ? 'tool_use' : undefined;
      case 'text':
        return 'text';
      case 'reasoning':
        return this.thinking ? 'reasoning' : undefined;
      default:
        return undefined;
    }
  }

  private print(type: string, content: object): void {
    console.log(JSON.stringify({ type, timestamp: Date.now(), sessionID: this.sessionID, ...content }));
  }
}
