import type { Instance } from '#libs/instance';
import type { HookContextOf, HookPoint, HookPoints, HookValue } from './hook-points.js';

/** Version of the interface behind {@link AgentHook}; the registry refuses hooks of another one. @publicApi */
export const AGENT_HOOK_SPECIFICATION = 'agent-hook-v1';

/** A method for each point; all are optional. @publicApi */
export type AgentHookMethods = {
  [P in keyof HookPoints]?: (
    value: Readonly<HookValue<P>>,
    context: HookContextOf<P>,
  ) => HookValue<P> | Promise<HookValue<P>>;
};

/**
 * The class behind {@link AgentHook}.
 *
 * @example
 * @AgentHook()
 * export class Signature implements AgentHookHandler {
 *   readonly specificationVersion = AGENT_HOOK_SPECIFICATION;
 *   systemPrompt(sections: readonly string[]) { return [...sections, 'Sign each answer with your name.']; }
 * }
 * @publicApi
 */
export interface AgentHookHandler extends AgentHookMethods {
  readonly specificationVersion: typeof AGENT_HOOK_SPECIFICATION;
  /** Whether there is something to do at a point; absent: always. Asked often, so it must be quick. */
  applies?(point: HookPoint, instance: Instance): boolean;
}
