export { GitRunner, type GitResult } from './git.runner.js';
export { GLOBAL_PROJECT } from './project-discovery.service.js';
export { ProjectLocator } from './project-locator.adapter.js';
export { ProjectModule } from './project.module.js';
export { ProjectService } from './project.service.js';
export { SnapshotError, type SnapshotFailure } from './snapshot/snapshot.error.js';
export { SnapshotService } from './snapshot/snapshot.service.js';
export { Vcs } from './vcs.service.js';
