import { DiscoveryService } from '@nestjs/core';

/** @publicApi */
export interface AgentHookOptions {
  /**
   * Place among the hooks, smallest first; default 0. The last one has the last word. Plugins of the projects have 100.
   */
  order?: number;
}

/**
 * Marks a provider class as a set of hooks; the class implements {@link AgentHookHandler}.
 * @publicApi
 */
export const AgentHook = DiscoveryService.createDecorator<AgentHookOptions>();
