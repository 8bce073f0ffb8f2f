import { TOOL_ABORTED, type ToolCall } from '#libs/agent';
import type { SubtaskPart } from '#libs/contract';
import { createCallID } from '../message/call-id.js';
import type { MessageWriterFactory } from '../message/message.writer.js';
import type { TurnSurroundings } from '../run/run-turn.js';
import type { TurnMessages } from '../turn/turn-messages.js';
import type { PreparedTurn } from '../turn/turn-preparation.js';

/** Told to the agent when the subtasks of a command are done. */
const SUBTASKS_DONE = 'Tell the user what came out of the task above, then go on with what is left to do, if anything.';

/** The subtasks of what is being answered, in their order. */
export function subtasksOf({ conversation }: PreparedTurn): SubtaskPart[] {
  return conversation.askedParts.filter((part) => part.type === 'subtask');
}

/** Runs the subtasks of a prompt before the agent itself is asked, and without asking its model. */
export class SubtaskSteps {
  constructor(
    private readonly surroundings: TurnSurroundings,
    private readonly messages: TurnMessages,
    private readonly writers: MessageWriterFactory,
  ) {}

  /**
   * One after the other. The failure of one is told on its call; the next ones run all the same. An abort rejects and
   * leaves the message to be closed.
   */
  async run(parts: readonly SubtaskPart[], turn: PreparedTurn): Promise<void> {
    for (const part of parts) {
      await this.runOne(part, turn);
      this.messages.leave();
      this.surroundings.setStatus({ type: 'busy' });
    }
    if (parts.some(({ command }) => command !== undefined)) await this.followUp(turn);
  }

  private async runOne(part: SubtaskPart, { conversation, tools }: PreparedTurn): Promise<void> {
    const { prompt, description, agent, model, command } = part;
    const { signal } = this.surroundings.controller;
    const writer = await this.messages.open(conversation.asked, { agent, mode: agent, ...model });
    const callID = createCallID(this.writers.clock.now());
    const call: ToolCall = {
      callID,
      tool: 'task',
      input: { prompt, description, subagent_type: agent, ...(command !== undefined && { command }) },
    };
    writer.startTool(call);
    try {
      const result = await tools.executeSubtask(call, signal, writer);
      signal.throwIfAborted();
      writer.apply({ type: 'tool-completed', callID, result });
    } catch (error) {
      if (signal.aborted) {
        writer.apply({ type: 'tool-failed', callID, message: TOOL_ABORTED });
        throw error;
      }
      const message = `Tool execution failed: ${error instanceof Error ? error.message : String(error)}`;
      writer.apply({ type: 'tool-failed', callID, message });
    }
    await writer.close(undefined, { finish: 'tool-calls' });
    conversation.add(writer.state);
  }

  /** Subtasks of a command are for the agent to report on: it answers a message that says so. */
  private async followUp({ conversation }: PreparedTurn): Promise<void> {
    conversation.goOn(await this.messages.follow(conversation.asked, SUBTASKS_DONE));
  }
}
