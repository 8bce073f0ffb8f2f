import { Injectable } from '@nestjs/common';
import { INVALID_TOOL, type StepTools, type ToolCall } from '#libs/agent';
import { ConfigService } from '#libs/config';
import type { Agent, Model, PermissionRuleset, Session, UserMessage } from '#libs/contract';
import { HookRegistry, type ToolContext, type ToolProgress, type ToolResult } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { isWithheld, PermissionRejectedError, PermissionService, QuestionRejectedError } from '#libs/permission';
import { type RegisteredTool, ToolRegistry } from '#libs/tool';
import { CallsInside, type NestingMessage } from './calls-inside.js';
import type { Conversation } from './conversation.js';
import { DoomLoopError, DoomLoopGuard } from './doom-loop.js';

export interface ToolCallerInput {
  instance: Instance;
  session: Session;
  user: UserMessage;
  agent: Agent;
  model: Model;
  conversation: Conversation;
  /** The prompt names agents that are to be called: nobody is asked about it. */
  invitesAgents: boolean;
}

/** Makes the tool callers of all turns. */
@Injectable()
export class ToolCallerFactory {
  constructor(
    readonly tools: ToolRegistry,
    readonly permissions: PermissionService,
    readonly hooks: HookRegistry,
    private readonly config: ConfigService,
  ) {}

  async create(input: ToolCallerInput): Promise<ToolCaller> {
    const config = await this.config.get(input.instance);
    return new ToolCaller(input, this, config.experimental?.continue_loop_on_deny ?? false);
  }
}

/** The assistant message that makes the calls. */
export interface CallingMessage extends NestingMessage {
  id: string;
  progress(callID: string, progress: ToolProgress): void;
  /** Tells with which arguments a call really runs. */
  changeInput(callID: string, input: Record<string, unknown>): void;
  /** Everything told so far has reached the clients. */
  settled(): Promise<void>;
}

interface ToolExecution {
  call: ToolCall;
  signal: AbortSignal;
  message: CallingMessage;
  /** Nobody is asked about the agents that are called. */
  invited: boolean;
  /** What the model was told of. */
  offered: ReadonlyMap<string, RegisteredTool>;
  /** The call of the model that this one belongs to. */
  outer?: ToolCall;
  /** Told of each failure, also where the tool that made the call goes on. */
  failed?: (error: unknown) => void;
}

/** The tools of one turn, under the rules of its agent, its session and its prompt. */
export class ToolCaller {
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
  }

  /** The tools that the model is told of in the next step: they come and go while the turn goes on. */
  async offer(): Promise<RegisteredTool[]> {
    const { instance, user, agent, model } = this.input;
    const tools = await this.services.tools.list(instance, { providerID: model.providerID, modelID: model.api.id });
    return tools.filter(
      ({ id }) => id !== INVALID_TOOL && user.tools?.[id] !== false && !isWithheld(id, agent.permission),
    );
  }

  /** What the loop needs for one step. @param offered the tools that the model was told of */
  forMessage(message: CallingMessage, offered: readonly RegisteredTool[]): StepTools {
    const byName = new Map(offered.map((tool) => [tool.id, tool]));
    let refused = false;
    const failed = (error: unknown) => (refused ||= isRefusal(error));
    return {
      offered: [...byName.keys()],
      execute: async (call, signal) => {
        await this.doomLoop.pass(call, signal, () => message.settled());
        const tool = byName.get(call.tool) ?? this.services.tools.own(call.tool);
        return this.execute(tool, {
          call,
          signal,
          message,
          invited: this.input.invitesAgents,
          offered: byName,
          failed,
        });
      },
      endTurn: () => refused && !this.continueOnRefusal,
      failsStep: (error) => error instanceof DoomLoopError,
    };
  }

  /** Runs the `task` call of a subtask, which a person or the project asked for. */
  executeSubtask(call: ToolCall, signal: AbortSignal, message: CallingMessage): Promise<ToolResult> {
    return this.execute(this.services.tools.own(call.tool), {
      call,
      signal,
      message,
      invited: true,
      offered: new Map(),
    });
  }

  private async execute(tool: RegisteredTool | undefined, execution: ToolExecution): Promise<ToolResult> {
    try {
      return await this.run(tool, execution);
    } catch (error) {
      execution.failed?.(error);
      throw error;
    }
  }

  private async run(tool: RegisteredTool | undefined, execution: ToolExecution): Promise<ToolResult> {
    const { call, signal, message, invited, offered, outer = call } = execution;
    const { instance, session, agent, conversation } = this.input;
    if (!tool) throw new Error(`Tool ${call.tool} does not exist`);
    const context: ToolContext = {
      instance,
      sessionID: session.id,
      messageID: message.id,
      callID: call.callID,
      agent: agent.name,
      messages: conversation.history,
      signal,
      update: (progress) => message.progress(call.callID, progress),
      ask: async (permission) => {
        if (invited && permission.permission === 'task') return;
        // clients look the call up when they are asked about it
        await message.settled();
        await this.services.permissions.ask(instance, {
          ...permission,
          sessionID: session.id,
          tool: { messageID: message.id, callID: outer.callID },
          ruleset: this.ruleset,
          signal,
        });
      },
      calls: new CallsInside({ message, signal, tools: [...offered.keys()] }, (inner) =>
        this.execute(offered.get(inner.tool), { ...execution, call: inner, outer }),
      ),
    };
    const { hooks } = this.services;
    const place = { instance, tool: call.tool, sessionID: session.id, callID: call.callID };
    const args = await hooks.run('beforeTool', call.input, place);
    if (args !== call.input) message.changeInput(call.callID, args);
    return hooks.run('afterTool', await tool.execute(args, context), { ...place, args });
  }
}

/** A person said no. */
const isRefusal = (error: unknown) => PermissionRejectedError.is(error) || QuestionRejectedError.is(error);

/** `tools` of a prompt, which act for this prompt only. */
function rulesOfPrompt({ tools }: UserMessage): PermissionRuleset {
  return Object.entries(tools ?? {}).map(([permission, allowed]) => ({
    permission,
    pattern: '*',
    action: allowed ? 'allow' : 'deny',
  }));
}
