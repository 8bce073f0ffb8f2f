import { Module } from '@nestjs/common';
import { InstanceLocator } from '#libs/instance';
import { BranchWatcher } from './branch-watcher.service.js';
import { GitRunner } from './git.runner.js';
import { IconDiscovery } from './icon-discovery.service.js';
import { ProjectDiscovery } from './project-discovery.service.js';
import { ProjectLocator } from './project-locator.adapter.js';
import { ProjectRegister } from './project-register.service.js';
import { ProjectService } from './project.service.js';
import { SnapshotGit } from './snapshot/snapshot-git.runner.js';
import { SnapshotService } from './snapshot/snapshot.service.js';
import { Vcs } from './vcs.service.js';
import { WorktreeStarter } from './worktree/worktree-starter.runner.js';
import { WorktreeService } from './worktree/worktree.service.js';

/** Needs the ports ProcessRunner, Environment, Clock, ProjectStore and SessionStore, the InstanceStore and the EventBus. */
@Module({
  providers: [
    GitRunner,
    ProjectDiscovery,
    ProjectRegister,
    ProjectLocator,
    { provide: InstanceLocator, useExisting: ProjectLocator },
    ProjectService,
    Vcs,
    BranchWatcher,
    IconDiscovery,
    WorktreeStarter,
    WorktreeService,
    SnapshotGit,
    SnapshotService,
  ],
  exports: [InstanceLocator, ProjectService, Vcs, GitRunner, SnapshotService, WorktreeService],
})
export class ProjectModule {}
