import type { MessageWithParts, UserMessage } from '#libs/contract';
import type { ProcessResult } from '#libs/extension';
import { cutText, LiveOutput, shownOutput } from '#libs/tool';
import { newAnswer } from '../message/assistant-message.js';
import { createCallID } from '../message/call-id.js';
import type { MessageWriter, MessageWriterFactory } from '../message/message.writer.js';
import { TurnPlace } from '../message/turn-place.js';
import type { RunTurn, TurnSurroundings } from '../run/run-turn.js';

/** Characters of output that stay in the conversation. */
const MAX_KEPT = 200_000;
const TOOL = 'bash';

export interface ShellTurnInput extends TurnSurroundings {
  user: UserMessage;
  command: string;
  writers: MessageWriterFactory;
  /** Runs the command to its end, its time limit or the abort of the signal. */
  execute(signal: AbortSignal, onOutput: (text: string) => void): Promise<ProcessResult>;
}

/** A command of the user on its way: an answer with one call that no model made. */
export class ShellTurn implements RunTurn {
  /** No model has read anything. */
  readonly history = [];
  private writer: MessageWriter | undefined;

  constructor(private readonly input: ShellTurnInput) {}

  async run(): Promise<MessageWithParts> {
    const { instance, controller, user, command, writers } = this.input;
    this.input.setStatus({ type: 'busy' });
    const place = new TurnPlace(user);
    const message = newAnswer(instance, user, place.next(), writers.clock.now());
    const writer = writers.create(instance, message, (error) => controller.abort(error));
    this.writer = writer;
    await writer.open(place.began);
    const callID = createCallID(writers.clock.now());
    writer.startTool({ callID, tool: TOOL, input: { command } });
    const live = new LiveOutput((shown) => writer.progress(callID, { metadata: metadataOf(shown) }));
    try {
      const { reason } = await this.input.execute(controller.signal, (text) => live.add(text));
      live.end();
      const output = cutText(live.text, MAX_KEPT, '\n\n(the rest of the output was dropped)') + remark(reason);
      const result = { title: '', output, metadata: metadataOf(shownOutput(output)) };
      writer.apply({ type: 'tool-completed', callID, result });
    } catch (error) {
      live.end();
      // a command that cannot be started, as in a directory that is gone
      const message = error instanceof Error ? error.message : String(error);
      writer.apply({ type: 'tool-failed', callID, message: `Error: ${message}` });
    }
    await writer.close();
    return writer.state;
  }

  async flush(): Promise<void> {
    await this.writer?.flush();
  }
}

const metadataOf = (output: string) => ({ output, description: '' });

function remark(reason: ProcessResult['reason']): string {
  if (reason === 'exit') return '';
  const text = reason === 'abort' ? 'User aborted the command' : 'The command was ended: it ran for too long';
  return `\n\n<metadata>\n${text}\n</metadata>`;
}
