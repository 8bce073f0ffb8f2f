export { GitRunner } from './git.runner.js';
export { ProjectModule } from './project.module.js';
export { ProjectService } from './project.service.js';
export { SnapshotError } from './snapshot/snapshot.error.js';
export { SnapshotService } from './snapshot/snapshot.service.js';
export { Vcs } from './vcs.service.js';
export { WorktreeService } from './worktree/worktree.service.js';
