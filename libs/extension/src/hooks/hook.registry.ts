import { Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { WireError } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { inTime } from '../clock/in-time.js';
import { AgentHook } from './agent-hook.decorator.js';
import { AGENT_HOOK_SPECIFICATION, type AgentHookHandler, type AgentHookMethods } from './agent-hook.js';
import { HookError } from './hook.error.js';
import type { HookContextOf, HookPoint, HookValue } from './hook-points.js';

/** Milliseconds a hook may take where a person waits for it. */
const TIME_LIMIT = 60_000;
/** Here a hook may install packages, or wait for a person; abort and the end of the instance end the wait. */
const PATIENT: ReadonlySet<HookPoint> = new Set(['config', 'beforeTool', 'afterTool', 'permission']);
/** Here an error is an answer: the model reads it as it is. */
const OUTSPOKEN: ReadonlySet<HookPoint> = new Set(['beforeTool', 'afterTool']);

interface FoundHook {
  name: string;
  handler: AgentHookHandler;
}

/**
 * Calls the hooks of the application, in their order. Filled once, at boot, with the providers marked `@AgentHook`.
 * @publicApi
 */
@Injectable()
export class HookRegistry implements OnModuleInit {
  private hooks: readonly FoundHook[] = [];

  /** @param discovery without it there are no hooks */
  constructor(@Optional() private readonly discovery?: DiscoveryService) {}

  onModuleInit(): void {
    const providers = this.discovery?.getProviders({ metadataKey: AgentHook.KEY }) ?? [];
    const found = providers.map((provider) => {
      const name = typeof provider.metatype === 'function' ? provider.metatype.name : String(provider.name);
      const handler = provider.instance as Partial<AgentHookHandler> | undefined;
      if (!handler || provider.isTransient || !provider.isDependencyTreeStatic())
        throw new Error(`${name} (@AgentHook) has no instance at boot: hooks are singletons. Remove its \`scope\`.`);
      if (handler.specificationVersion !== AGENT_HOOK_SPECIFICATION)
        throw new Error(
          `${name} is marked @AgentHook() and does not implement ${AGENT_HOOK_SPECIFICATION}: it needs ` +
            '`readonly specificationVersion = AGENT_HOOK_SPECIFICATION`.',
        );
      const order = this.discovery?.getMetadataByDecorator(AgentHook, provider)?.order ?? 0;
      return { order, name, handler: handler as AgentHookHandler };
    });
    this.hooks = found.sort((a, b) => a.order - b.order);
  }

  /** Whether anybody may want to change something at a point. */
  has(point: HookPoint, instance: Instance): boolean {
    return this.hooks.some(({ handler }) => wants(handler, point, instance));
  }

  /**
   * Hands a value from hook to hook and resolves to what the last one returns; to the value itself when there is none.
   * Rejects with a HookError when one fails or takes too long; at `beforeTool` and `afterTool` with its own error.
   */
  async run<P extends HookPoint>(point: P, value: HookValue<P>, context: HookContextOf<P>): Promise<HookValue<P>> {
    let current = value;
    for (const { name, handler } of this.hooks) {
      if (!wants(handler, point, context.instance)) continue;
      try {
        const hooks: AgentHookMethods = handler;
        const result = hooks[point]?.(current, context);
        current = (result instanceof Promise ? await this.waited(point, result, context) : result) ?? current;
      } catch (error) {
        if (OUTSPOKEN.has(point) || WireError.is(error)) throw error;
        const why = error instanceof Error ? error.message : String(error);
        throw new HookError(point, name, why, { cause: error });
      }
    }
    return current;
  }

  private waited<T>(point: HookPoint, work: Promise<T>, { instance }: { instance: Instance }): Promise<T> {
    const { signal } = instance;
    return inTime(work, PATIENT.has(point) ? { signal } : { milliseconds: TIME_LIMIT, signal });
  }
}

const wants = (handler: AgentHookHandler, point: HookPoint, instance: Instance): boolean =>
  handler[point] !== undefined && (handler.applies?.(point, instance) ?? true);
