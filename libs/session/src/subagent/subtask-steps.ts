import { TOOL_ABORTED, type ToolCall } from '#libs/agent';
import type { MessageWithParts, SubtaskPart, UserMessage } from '#libs/contract';
import type { ToolResult } from '#libs/extension';
import type { MessageWriter } from '../message/message.writer.js';
import { createCallID } from '../run/call-id.js';

/** Told to the agent when the subtasks of a command are done. */
export const SUBTASKS_DONE =
  'Tell the user what came out of the task above, then go on with what is left to do, if anything.';

export interface SubtaskWorld {
  signal: AbortSignal;
  now(): number;
  /** Opens the message of one subtask. */
  open(part: SubtaskPart): Promise<MessageWriter>;
  /** Runs the `task` tool. */
  execute(call: ToolCall, writer: MessageWriter): Promise<ToolResult>;
  /** The message of a subtask is complete. */
  done(writer: MessageWriter): void;
}

/**
 * Runs the subtasks of a prompt, one after the other, without asking the model. The failure of one is told on its call;
 * the next ones run all the same. An abort rejects and leaves the message to be closed.
 */
export async function runSubtasks(parts: readonly SubtaskPart[], world: SubtaskWorld): Promise<void> {
  for (const part of parts) {
    const writer = await world.open(part);
    const { prompt, description, agent, command } = part;
    const call: ToolCall = {
      callID: createCallID(world.now()),
      tool: 'task',
      input: { prompt, description, subagent_type: agent, ...(command !== undefined && { command }) },
    };
    writer.startTool(call);
    const { callID } = call;
    try {
      const result = await world.execute(call, writer);
      world.signal.throwIfAborted();
      writer.apply({ type: 'tool-completed', callID, result });
    } catch (error) {
      if (world.signal.aborted) {
        writer.apply({ type: 'tool-failed', callID, message: TOOL_ABORTED });
        throw error;
      }
      const message = `Tool execution failed: ${error instanceof Error ? error.message : String(error)}`;
      writer.apply({ type: 'tool-failed', callID, message });
    }
    await writer.close(undefined, { finish: 'tool-calls' });
    world.done(writer);
  }
}

/** The subtasks of a prompt, in their order. */
export function subtasksOf(history: readonly MessageWithParts[], user: UserMessage): SubtaskPart[] {
  const prompt = history.find(({ info }) => info.id === user.id);
  return prompt?.parts.filter((part) => part.type === 'subtask') ?? [];
}
