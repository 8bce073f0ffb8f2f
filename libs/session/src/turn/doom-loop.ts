import { RepeatedCalls, type ToolCall } from '#libs/agent';
import type { PermissionRuleset } from '#libs/contract';
import type { Instance } from '#libs/instance';
import type { PermissionService } from '#libs/permission';

/** A model that goes round in circles was told to stop: the turn ends. */
export class DoomLoopError extends Error {
  override readonly name = 'DoomLoopError';
}

export interface DoomLoopInput {
  instance: Instance;
  sessionID: string;
  /** Rules of the agent, which alone decide. */
  ruleset: PermissionRuleset;
}

/** Asks before a model makes the same call again and again in one turn. */
export class DoomLoopGuard {
  private readonly calls = new RepeatedCalls();

  constructor(
    private readonly input: DoomLoopInput,
    private readonly permissions: PermissionService,
  ) {}

  /** To be called in the order of the calls, before anything else is awaited. Rejects with a DoomLoopError. */
  async pass(call: ToolCall, signal: AbortSignal, settled: () => Promise<void>): Promise<void> {
    if (!this.calls.note(call)) return;
    const { instance, ...ask } = this.input;
    try {
      // clients look the call up when they are asked about it
      await settled();
      await this.permissions.ask(instance, {
        ...ask,
        permission: 'doom_loop',
        patterns: [call.tool],
        always: [call.tool],
        metadata: { tool: call.tool, input: call.input },
        signal,
      });
    } catch (error) {
      throw new DoomLoopError((error as Error).message, { cause: error });
    }
  }
}
