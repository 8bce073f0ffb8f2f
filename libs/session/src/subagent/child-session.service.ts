import { Injectable } from '@nestjs/common';
import { ConfigService } from '#libs/config';
import { type Agent, isId, type PermissionRuleset, type Session } from '#libs/contract';
import type { SubagentTask } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { SessionStores } from '../session-stores.js';
import { SessionService } from '../session.service.js';

/** The sessions in which subagents work. */
@Injectable()
export class ChildSessionService {
  constructor(
    private readonly sessions: SessionService,
    private readonly stores: SessionStores,
    private readonly config: ConfigService,
  ) {}

  /** A new session for a task, or the one of the task to continue. */
  async open(task: SubagentTask, agent: Agent): Promise<Session> {
    const { instance, sessionID: parentID, description, taskID } = task;
    if (taskID !== undefined) return this.earlier(parentID, taskID);
    return this.sessions.create(instance, {
      parentID,
      title: `${description} (@${agent.name} subagent)`,
      permission: await this.rules(instance, agent),
    });
  }

  /** `tools` of the prompts to it: what belongs to the session of the user stays there. */
  async tools(instance: Instance, agent: Agent): Promise<Record<string, boolean>> {
    const rules = await this.rules(instance, agent);
    return Object.fromEntries(rules.map(({ permission }) => [permission, false]));
  }

  private async rules(instance: Instance, agent: Agent): Promise<PermissionRuleset> {
    const { experimental } = await this.config.get(instance);
    const withheld = ['todowrite', 'todoread', ...(ownsTaskRules(agent) ? [] : ['task'])];
    return [
      ...withheld.map((permission) => ({ permission, pattern: '*', action: 'deny' as const })),
      ...(experimental?.primary_tools ?? []).map((permission) => ({
        permission,
        pattern: '*',
        action: 'allow' as const,
      })),
    ];
  }

  /** Only tasks of the caller itself: another session could be the caller, which would wait for itself. */
  private async earlier(parentID: string, taskID: string): Promise<Session> {
    const session = isId('session', taskID) ? await this.stores.sessions.find(taskID) : undefined;
    if (session?.parentID !== parentID)
      throw new Error(`Task not found: ${taskID}. Leave task_id out to start a new task.`);
    return session;
  }
}

const ownsTaskRules = (agent: Agent) => agent.permission.some(({ permission }) => permission === 'task');
