import { isDeepStrictEqual } from 'node:util';
import { WireError, type Config } from '#libs/contract';
import {
  AGENT_HOOK_SPECIFICATION,
  AgentHook,
  type AgentHookHandler,
  type HookContextOf as Context,
  type HookPoint,
  type HookValue as Value,
  type ModelCallContext,
} from '#libs/extension';
import type { Instance } from '#libs/instance';
import { asError } from '../load/foreign-error.js';
import { hookOf, type MutatingHook } from '../load/reference-plugin.js';
import { PluginError } from '../plugin.error.js';
import { PluginStore } from '../plugin.store.js';
import { mutable } from './mutable.js';

/** What the points are called in plugins. */
const NAMES = {
  userMessage: 'chat.message',
  modelParameters: 'chat.params',
  modelHeaders: 'chat.headers',
  toolDefinition: 'tool.definition',
  beforeTool: 'tool.execute.before',
  afterTool: 'tool.execute.after',
  beforeCommand: 'command.execute.before',
  shellEnvironment: 'shell.env',
  permission: 'permission.ask',
  conversation: 'experimental.chat.messages.transform',
  systemPrompt: 'experimental.chat.system.transform',
  textComplete: 'experimental.text.complete',
  compaction: 'experimental.session.compacting',
} as const satisfies Record<Exclude<HookPoint, 'config'>, string>;

type Bridged = keyof typeof NAMES;

/** Calls the hooks of plugins, which change their second argument, at the points of this framework. */
@AgentHook({ order: 100 })
export class PluginHooksAdapter implements AgentHookHandler {
  readonly specificationVersion = AGENT_HOOK_SPECIFICATION;

  constructor(private readonly plugins: PluginStore) {}

  applies(point: HookPoint, instance: Instance): boolean {
    if (point === 'config') return this.plugins.enabled;
    const plugins = this.plugins.of(instance);
    return plugins.length > 0 && plugins.some(({ hooks }) => typeof hooks[NAMES[point]] === 'function');
  }

  /** Comes first of all: it sets the plugins up. */
  async config(config: Readonly<Config>, { instance }: Context<'config'>): Promise<Config> {
    let changed: Config = config;
    const loaded = await this.plugins.load(instance, config);
    for (const plugin of loaded.plugins) {
      const hook = hookOf<(config: Config) => unknown>(plugin, 'config');
      if (!hook) continue;
      if (changed === config) changed = mutable(config);
      await attempt(plugin.name, 'config', () => hook(changed));
    }
    // when one of them fails, the next request begins anew
    this.plugins.keep(instance, loaded);
    return changed;
  }

  async userMessage(value: Value<'userMessage'>, context: Context<'userMessage'>): Promise<Value<'userMessage'>> {
    const { sessionID, asked } = context;
    return this.call('userMessage', context, { sessionID, ...asked }, { ...value });
  }

  modelParameters(value: Value<'modelParameters'>, context: ModelCallContext): Promise<Value<'modelParameters'>> {
    return this.call('modelParameters', context, modelInput(context), value);
  }

  async modelHeaders(value: Value<'modelHeaders'>, context: ModelCallContext): Promise<Value<'modelHeaders'>> {
    const { headers } = await this.call('modelHeaders', context, modelInput(context), { headers: value });
    return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]));
  }

  toolDefinition(value: Value<'toolDefinition'>, context: Context<'toolDefinition'>): Promise<Value<'toolDefinition'>> {
    return this.call('toolDefinition', context, { toolID: context.toolID }, value);
  }

  async beforeTool(value: Value<'beforeTool'>, context: Context<'beforeTool'>): Promise<Value<'beforeTool'>> {
    const { tool, sessionID, callID } = context;
    const { args } = await this.call('beforeTool', context, { tool, sessionID, callID }, { args: value });
    return isDeepStrictEqual(args, value) ? value : args;
  }

  async afterTool(value: Value<'afterTool'>, context: Context<'afterTool'>): Promise<Value<'afterTool'>> {
    const { tool, sessionID, callID, args } = context;
    return this.call('afterTool', context, { tool, sessionID, callID, args }, { metadata: {}, ...value });
  }

  async beforeCommand(value: Readonly<Value<'beforeCommand'>>, context: Context<'beforeCommand'>) {
    const { command, sessionID, arguments: given } = context;
    const input = { command, sessionID, arguments: given };
    return (await this.call('beforeCommand', context, input, { parts: [...value] })).parts;
  }

  async shellEnvironment(value: Value<'shellEnvironment'>, context: Context<'shellEnvironment'>) {
    const { cwd, sessionID, callID } = context;
    return (await this.call('shellEnvironment', context, { cwd, sessionID, callID }, { env: value })).env;
  }

  async permission(value: Value<'permission'>, context: Context<'permission'>): Promise<Value<'permission'>> {
    return (await this.call('permission', context, mutable(context.request), { status: value })).status;
  }

  async conversation(value: Readonly<Value<'conversation'>>, context: Context<'conversation'>) {
    const messages = value as Value<'conversation'>;
    return (await this.call('conversation', context, {}, { messages })).messages;
  }

  async systemPrompt(value: Readonly<Value<'systemPrompt'>>, context: Context<'systemPrompt'>) {
    const { sessionID, model } = context;
    const system = value as Value<'systemPrompt'>;
    return (await this.call('systemPrompt', context, { sessionID, model }, { system })).system;
  }

  async textComplete(value: Value<'textComplete'>, context: Context<'textComplete'>): Promise<Value<'textComplete'>> {
    const { sessionID, messageID, partID } = context;
    return (await this.call('textComplete', context, { sessionID, messageID, partID }, { text: value })).text;
  }

  compaction(value: Value<'compaction'>, context: Context<'compaction'>): Promise<Value<'compaction'>> {
    return this.call('compaction', context, { sessionID: context.sessionID }, { prompt: undefined, ...value });
  }

  /** Hands a copy of the output from plugin to plugin; what they made of it is the result. */
  private async call<O extends object>(
    point: Bridged,
    { instance }: { instance: Instance },
    input: object,
    output: O,
  ): Promise<O> {
    const name = NAMES[point];
    const changed = mutable(output);
    for (const plugin of this.plugins.of(instance)) {
      const hook = hookOf<MutatingHook>(plugin, name);
      if (!hook) continue;
      // the model reads what these throw
      if (point === 'beforeTool' || point === 'afterTool') await spoken(() => hook(input, changed));
      else await attempt(plugin.name, name, () => hook(input, changed));
    }
    return changed;
  }
}

/** `provider` as plugins know it, in both of its forms. */
function modelInput({ sessionID, agent, model, provider, message }: ModelCallContext): object {
  const known = provider && { ...provider, info: provider };
  return { sessionID, agent, model, provider: known, message };
}

async function attempt(plugin: string, hook: string, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (WireError.is(error)) throw error;
    throw new PluginError(plugin, `${hook}: ${asError(error).message}`, { cause: error });
  }
}

async function spoken(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw asError(error);
  }
}
