/** What a tool of a file or a plugin is made of. Nothing of it has been checked. */
export interface CustomTool {
  description?: unknown;
  /** Schemas of zod by the name of the argument. */
  args?: unknown;
  execute(args: unknown, context: object): unknown;
}

/** A hook that changes its second argument. */
export type MutatingHook = (input: object, output: object) => unknown;

/** What the function of a plugin gives back: hooks by their name. Nothing of it has been checked. */
export type PluginHooks = Readonly<Record<string, unknown>>;

/** A plugin that was set up for an instance. */
export interface LoadedPlugin {
  /** As the configuration names it. */
  readonly name: string;
  readonly hooks: PluginHooks;
}

/** A hook of a plugin, ready to be called. */
export function hookOf<H extends (...args: never[]) => unknown>({ hooks }: LoadedPlugin, name: string): H | undefined {
  const hook = hooks[name];
  return typeof hook === 'function' ? (hook.bind(hooks) as H) : undefined;
}

export function isCustomTool(value: unknown): value is CustomTool {
  return typeof value === 'object' && value !== null && 'execute' in value && typeof value.execute === 'function';
}
