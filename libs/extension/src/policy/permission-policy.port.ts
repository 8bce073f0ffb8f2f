import type { PermissionAction, PermissionRequest, PermissionRuleset } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { Port } from '../boot/port.js';

/** One pattern of what a tool call asks leave for. @publicApi */
export interface PermissionCase extends Pick<PermissionRequest, 'sessionID' | 'permission' | 'metadata' | 'tool'> {
  readonly instance: Instance;
  /** A path, a command, a URL: what it is depends on the permission. */
  readonly pattern: string;
  /** Rules of the agent, then those of the session. */
  readonly ruleset: PermissionRuleset;
}

/**
 * The last word on what agents may do, above the rules of configurations, sessions and users. By default the rules
 * decide alone; a host that wants more gives one as the `permissionPolicy` option.
 *
 * @example
 * class WorkingHours extends PermissionPolicy {
 *   decide({ permission }: PermissionCase, byRules: PermissionAction) {
 *     return permission === 'bash' && !isOpen() ? 'deny' : byRules;
 *   }
 * }
 * @publicApi
 */
export abstract class PermissionPolicy extends Port {
  /**
   * Called for each pattern of each request, before anybody is asked. When it rejects, the call fails with that error.
   * @param byRules what the rules say, "always" approvals included
   */
  abstract decide(asked: PermissionCase, byRules: PermissionAction): PermissionAction | Promise<PermissionAction>;
}
