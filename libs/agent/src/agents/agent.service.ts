import { Injectable } from '@nestjs/common';
import { join, relative } from 'node:path';
import { type Agent, type AgentConfig, InvalidRequestError, type Config, type PermissionRuleset } from '#libs/contract';
import { ConfigService, SkillService } from '#libs/config';
import { Environment } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { rulesetOf } from '#libs/permission';
import { parseModelName } from '#libs/provider';
import { type BuiltInContext, builtInAgents, defaultRules } from './built-in-agents.js';

/** The agents of an instance: the built-in ones with what the configuration changes and adds. @publicApi */
@Injectable()
export class AgentService {
  private readonly agents = new InstanceState((instance) => this.build(instance));

  constructor(
    private readonly environment: Environment,
    private readonly config: ConfigService,
    private readonly skills: SkillService,
  ) {}

  /** The default agent first, then in the order of definition. */
  async list(instance: Instance): Promise<Agent[]> {
    const agents = await this.agents.get(instance);
    const first = (await this.config.get(instance)).default_agent ?? 'build';
    return [...agents.values()].sort((a, b) => Number(b.name === first) - Number(a.name === first));
  }

  /** Rejects with a InvalidRequestError that lists the names. */
  async get(instance: Instance, name: string): Promise<Agent> {
    const agents = await this.agents.get(instance);
    const agent = agents.get(name);
    if (!agent) {
      const visible = [...agents.values()].filter((agent) => !agent.hidden).map((agent) => agent.name);
      throw new InvalidRequestError(`Agent not found: "${name}". Available agents: ${visible.join(', ')}`);
    }
    return agent;
  }

  /** The agent of prompts that name none. */
  async default(instance: Instance): Promise<Agent> {
    const name = (await this.config.get(instance)).default_agent;
    if (name === undefined) return this.firstPrimary(instance);
    const agent = (await this.agents.get(instance)).get(name);
    const problem = !agent ? 'not found' : agent.mode === 'subagent' ? 'is a subagent' : agent.hidden && 'is hidden';
    if (!agent || problem)
      throw new InvalidRequestError(`default agent "${name}" ${problem}; change "default_agent" in the configuration`);
    return agent;
  }

  private async firstPrimary(instance: Instance): Promise<Agent> {
    for (const agent of (await this.agents.get(instance)).values())
      if (agent.mode !== 'subagent' && !agent.hidden) return agent;
    throw new InvalidRequestError('No agent can answer: every primary agent is disabled in the configuration');
  }

  private async build(instance: Instance): Promise<Map<string, Agent>> {
    const config = await this.config.get(instance);
    const { paths } = this.environment;
    const plans = join(paths.data, 'plans');
    const context: BuiltInContext = {
      toolOutput: join(paths.data, 'tool-output'),
      skills: await this.skills.folders(instance),
      plans,
      relativePlans: relative(instance.worktree, plans),
    };
    const user = rulesetOf(config.permission, paths.home);
    const agents = new Map(
      builtInAgents(context).map((agent) => [agent.name, { ...agent, permission: [...agent.permission, ...user] }]),
    );
    for (const [name, custom] of Object.entries(config.agent ?? {})) {
      if (!custom) continue;
      if (custom.disable) agents.delete(name);
      else
        agents.set(name, this.customise(agents.get(name) ?? fresh(name, [...defaultRules(context), ...user]), custom));
    }
    for (const agent of agents.values()) agent.permission = withToolOutput(agent.permission, context.toolOutput);
    return agents;
  }

  private customise(agent: Agent, custom: NonNullable<Config['agent']>[string] & AgentConfig): Agent {
    const model = custom.model === undefined ? agent.model : parseModelName(custom.model);
    return {
      ...agent,
      ...defined({
        description: custom.description,
        mode: custom.mode,
        hidden: custom.hidden,
        temperature: custom.temperature,
        topP: custom.top_p,
        color: custom.color,
        prompt: custom.prompt,
        variant: custom.variant,
        steps: custom.steps ?? custom.maxSteps,
        model,
      }),
      options: { ...agent.options, ...custom.options },
      permission: [...agent.permission, ...rulesetOf(custom.permission, this.environment.paths.home)],
    };
  }
}

const fresh = (name: string, permission: PermissionRuleset): Agent => ({
  name,
  mode: 'all',
  native: false,
  options: {},
  permission,
});

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Saved tool outputs stay readable whatever the user's rules, unless they name that folder themselves. */
function withToolOutput(rules: PermissionRuleset, folder: string): PermissionRuleset {
  const pattern = `${folder}/*`;
  const denied = rules.some(
    (rule) => rule.permission === 'external_directory' && rule.pattern === pattern && rule.action === 'deny',
  );
  return denied ? rules : [...rules, { permission: 'external_directory', pattern, action: 'allow' }];
}
