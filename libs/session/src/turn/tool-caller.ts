import { Injectable } from '@nestjs/common';
import type { StepTools, ToolCall } from '#libs/agent';
import { ConfigService } from '#libs/config';
import type { Agent, PermissionRuleset, Session, UserMessage } from '#libs/contract';
import type { ToolContext, ToolProgress, ToolResult } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { isWithheld, PermissionRejectedError, PermissionService, QuestionRejectedError } from '#libs/permission';
import { ToolRegistry } from '#libs/tool';
import { DoomLoopError, DoomLoopGuard } from './doom-loop.js';

export interface ToolCallerInput {
  instance: Instance;
  session: Session;
  user: UserMessage;
  agent: Agent;
  /** The prompt names agents that are to be called: nobody is asked about it. */
  invitesAgents: boolean;
}

/** Makes the tool callers of all turns. */
@Injectable()
export class ToolCallerFactory {
  constructor(
    readonly tools: ToolRegistry,
    readonly permissions: PermissionService,
    private readonly config: ConfigService,
  ) {}

  async create(input: ToolCallerInput): Promise<ToolCaller> {
    const config = await this.config.get(input.instance);
    return new ToolCaller(input, this, config.experimental?.continue_loop_on_deny ?? false);
  }
}

/** The assistant message that makes the calls. */
export interface CallingMessage {
  id: string;
  progress(callID: string, progress: ToolProgress): void;
  /** Everything told so far has reached the clients. */
  settled(): Promise<void>;
}

/** The tools of one turn, under the rules of its agent, its session and its prompt. */
export class ToolCaller {
  /** Names offered to the model. */
  readonly offered: readonly string[];
  private readonly ruleset: PermissionRuleset;
  private readonly doomLoop: DoomLoopGuard;

  constructor(
    private readonly input: ToolCallerInput,
    private readonly services: ToolCallerFactory,
    private readonly continueOnRefusal: boolean,
  ) {
    const { instance, agent, session, user } = input;
    const loop = { instance, sessionID: session.id, ruleset: agent.permission };
    this.doomLoop = new DoomLoopGuard(loop, services.permissions);
    this.ruleset = [...agent.permission, ...(session.permission ?? []), ...rulesOfPrompt(user)];
    this.offered = services.tools
      .ids()
      .filter((id) => id !== 'invalid' && user.tools?.[id] !== false && !isWithheld(id, agent.permission));
  }

  /** What the loop needs for one step. */
  forMessage(message: CallingMessage): StepTools {
    return {
      offered: this.offered,
      execute: async (call, signal) => {
        await this.doomLoop.pass(call, signal, () => message.settled());
        return this.execute(call, signal, message, this.input.invitesAgents);
      },
      endsTurn: (error) =>
        (PermissionRejectedError.is(error) || QuestionRejectedError.is(error)) && !this.continueOnRefusal,
      failsStep: (error) => error instanceof DoomLoopError,
    };
  }

  /** Runs the `task` call of a subtask, which a person or the project asked for. */
  executeSubtask(call: ToolCall, signal: AbortSignal, message: CallingMessage): Promise<ToolResult> {
    return this.execute(call, signal, message, true);
  }

  private async execute(
    call: ToolCall,
    signal: AbortSignal,
    message: CallingMessage,
    invited: boolean,
  ): Promise<ToolResult> {
    const { instance, session, agent } = this.input;
    const tool = this.services.tools.get(call.tool);
    if (!tool) throw new Error(`Tool ${call.tool} does not exist`);
    const context: ToolContext = {
      instance,
      sessionID: session.id,
      messageID: message.id,
      callID: call.callID,
      agent: agent.name,
      signal,
      update: (progress) => message.progress(call.callID, progress),
      ask: async (permission) => {
        if (invited && permission.permission === 'task') return;
        // clients look the call up when they are asked about it
        await message.settled();
        await this.services.permissions.ask(instance, {
          ...permission,
          sessionID: session.id,
          tool: { messageID: message.id, callID: call.callID },
          ruleset: this.ruleset,
          signal,
        });
      },
    };
    return tool.execute(call.input, context);
  }
}

/** `tools` of a prompt, which act for this prompt only. */
function rulesOfPrompt({ tools }: UserMessage): PermissionRuleset {
  return Object.entries(tools ?? {}).map(([permission, allowed]) => ({
    permission,
    pattern: '*',
    action: allowed ? 'allow' : 'deny',
  }));
}
