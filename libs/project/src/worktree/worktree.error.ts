import { WireError } from '#libs/contract';

/** Why something with a worktree did not work; 400. */
export type WorktreeFailure = 'NotGit' | 'NameGenerationFailed' | 'CreateFailed' | 'RemoveFailed' | 'ResetFailed';

/** `WorktreeCreateFailedError` and so on, named as clients know them. */
export class WorktreeError extends WireError {
  constructor(failure: WorktreeFailure, message: string) {
    super(`Worktree${failure}Error`, 400, { message });
  }
}
