/** What happens to a request that nobody answers: it waits on, or is refused or granted at its deadline. @publicApi */
export type UnansweredAction = 'wait' | 'deny' | 'allow';

/** Settings of a host application; each wins over its environment variable. @publicApi */
export interface PermissionOptions {
  /** Milliseconds a request waits for an answer (`OPENCODE_ASK_TIMEOUT_MS`). */
  deadline?: number;
  /** What happens then (`OPENCODE_ASK_DEFAULT`). A rule `unanswered` of a session goes first. */
  onDeadline?: UnansweredAction;
}

/** Injection token of {@link PermissionOptions}; optional. */
export const PERMISSION_OPTIONS = Symbol('PERMISSION_OPTIONS');
