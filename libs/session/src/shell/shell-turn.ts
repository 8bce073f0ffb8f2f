import { type AssistantMessage, createId, type MessageWithParts, type UserMessage } from '#libs/contract';
import type { ProcessResult } from '#libs/extension';
import { cutText, LiveOutput } from '#libs/tool';
import type { MessageWriter, MessageWriterFactory } from '../message/message.writer.js';
import { createCallID } from '../run/call-id.js';
import type { RunTurn, TurnSurroundings } from '../run/run-turn.js';

/** Characters of output shown while the command runs. */
const MAX_SHOWN = 30_000;
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
  private writer: MessageWriter | undefined;

  constructor(private readonly input: ShellTurnInput) {}

  async run(): Promise<MessageWithParts> {
    const { instance, controller, command, writers } = this.input;
    this.input.setStatus({ type: 'busy' });
    const writer = writers.create(instance, this.message(), (error) => controller.abort(error));
    this.writer = writer;
    await writer.open();
    const callID = createCallID(writers.clock.now());
    writer.startTool({ callID, tool: TOOL, input: { command } });
    const live = new LiveOutput((text) => writer.progress(callID, { metadata: metadataOf(text) }));
    try {
      const { reason } = await this.input.execute(controller.signal, (text) => live.add(text));
      live.end();
      const output = cutText(live.text, MAX_KEPT, '\n\n(the rest of the output was dropped)') + remark(reason);
      const result = { title: '', output, metadata: metadataOf(output) };
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

  private message(): AssistantMessage {
    const { instance, user, writers } = this.input;
    const { id: parentID, sessionID, agent, model, time } = user;
    const id = createId('message');
    return {
      id,
      sessionID,
      role: 'assistant',
      parentID,
      time: { created: Math.max(writers.clock.now(), time.created + (id < parentID ? 1 : 0)) },
      modelID: model.modelID,
      providerID: model.providerID,
      mode: agent,
      agent,
      path: { cwd: instance.directory, root: instance.worktree },
      cost: 0,
      tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    };
  }
}

const metadataOf = (output: string) => ({ output: cutText(output, MAX_SHOWN, '\n\n...'), description: '' });

function remark(reason: ProcessResult['reason']): string {
  if (reason === 'exit') return '';
  const text = reason === 'abort' ? 'User aborted the command' : 'The command was ended: it ran for too long';
  return `\n\n<metadata>\n${text}\n</metadata>`;
}
