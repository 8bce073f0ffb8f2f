import { Injectable } from '@nestjs/common';
import type { Project } from '#libs/contract';
import { Clock, ProjectStore, SessionStore } from '#libs/extension';
import { existingDirectories } from './existing-path.js';
import { type Discovery, GLOBAL_PROJECT } from './project-discovery.service.js';

/** Keeps the stored projects in step with what is found on disk. */
@Injectable()
export class ProjectRegister {
  constructor(
    private readonly projects: ProjectStore,
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  /** Notes that a directory of a project was opened; the project as it is from now on. */
  async open(found: Discovery, directory: string): Promise<Project> {
    const project = await this.save(found);
    if (found.id !== GLOBAL_PROJECT) await this.adoptSessions(found.id, new Set([directory, found.worktree]));
    return project;
  }

  /** Notes that the project has its notes for agents. Undefined when it is not stored. */
  markInitialized(id: string): Promise<Project | undefined> {
    return this.change(id, (project) => ({ ...project, time: { ...project.time, initialized: this.clock.now() } }));
  }

  /** Stores what `edit` makes of a project. Undefined when it is not stored. */
  change(id: string, edit: (project: Project) => Project): Promise<Project | undefined> {
    return this.projects.update(id, (project) => {
      if (!project) return undefined;
      const edited = edit(project);
      return { ...edited, time: { ...edited.time, updated: this.clock.now() } };
    });
  }

  /** Worktrees that are gone are forgotten, but none that others add meanwhile. */
  private async save(found: Discovery): Promise<Project> {
    const { sandboxes = [] } = (await this.projects.find(found.id)) ?? {};
    const existing = await existingDirectories(sandboxes);
    const isGone = (sandbox: string) => sandboxes.includes(sandbox) && !existing.includes(sandbox);
    const opened = (before: Project | undefined): Project => {
      const { vcs: _vcs, ...stored } = before ?? { sandboxes: [], time: undefined };
      const now = this.clock.now();
      return {
        ...stored,
        id: found.id,
        worktree: found.main,
        ...(found.vcs && { vcs: found.vcs }),
        time: { created: now, ...stored.time, updated: now },
        sandboxes: sandboxesOf(stored.sandboxes, found).filter((sandbox) => !isGone(sandbox)),
      };
    };
    return (await this.projects.update(found.id, opened)) as Project;
  }

  /** Sessions begun before the directory had a history move to its project. */
  private async adoptSessions(projectID: string, directories: ReadonlySet<string>): Promise<void> {
    for (const directory of directories) {
      const sessions = await this.sessions.list({ projectID: GLOBAL_PROJECT, directory });
      for (const { id } of sessions) await this.sessions.update(id, (session) => ({ ...session, projectID }));
    }
  }
}

function sandboxesOf(known: readonly string[], { id, worktree, main }: Discovery): string[] {
  if (id === GLOBAL_PROJECT || worktree === main) return [...known];
  return [...new Set([...known, worktree])];
}
