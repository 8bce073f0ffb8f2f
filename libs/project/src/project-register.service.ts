import { Injectable } from '@nestjs/common';
import type { Project } from '#libs/contract';
import { Clock, ProjectStore, SessionStore } from '#libs/extension';
import { existingDirectories } from './existing-path.js';
import { type Discovery, GLOBAL_PROJECT } from './project-discovery.service.js';

/** Keeps the stored projects in step with what is found on disk. */
@Injectable()
export class ProjectRegister {
  /** The last change of each project: two instances of one project may boot at the same time. */
  private readonly changes = new Map<string, Promise<unknown>>();

  constructor(
    private readonly projects: ProjectStore,
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  /** Notes that a directory of a project was opened; the project as it is from now on. */
  async open(found: Discovery, directory: string): Promise<Project> {
    const project = await this.inTurn(found.id, () => this.save(found));
    if (found.id !== GLOBAL_PROJECT) await this.adoptSessions(found.id, new Set([directory, found.worktree]));
    return project;
  }

  /** Notes that the project has its notes for agents. Undefined when it is not stored. */
  markInitialized(id: string): Promise<Project | undefined> {
    return this.change(id, (project) => ({ ...project, time: { ...project.time, initialized: this.clock.now() } }));
  }

  /** Stores what `edit` makes of a project. Undefined when it is not stored. */
  change(id: string, edit: (project: Project) => Project): Promise<Project | undefined> {
    return this.inTurn(id, async () => {
      const project = await this.projects.find(id);
      if (!project) return undefined;
      const edited = edit(project);
      const changed = { ...edited, time: { ...edited.time, updated: this.clock.now() } };
      await this.projects.save(changed);
      return changed;
    });
  }

  private async save(found: Discovery): Promise<Project> {
    const { vcs: _vcs, ...stored } = (await this.projects.find(found.id)) ?? { sandboxes: [], time: undefined };
    const now = this.clock.now();
    const project: Project = {
      ...stored,
      id: found.id,
      worktree: found.main,
      ...(found.vcs && { vcs: found.vcs }),
      time: { created: now, ...stored.time, updated: now },
      sandboxes: await existingDirectories(sandboxesOf(stored.sandboxes, found)),
    };
    await this.projects.save(project);
    return project;
  }

  /** Sessions begun before the directory had a history move to its project. */
  private async adoptSessions(projectID: string, directories: ReadonlySet<string>): Promise<void> {
    for (const directory of directories) {
      const sessions = await this.sessions.list({ projectID: GLOBAL_PROJECT, directory });
      for (const session of sessions) await this.sessions.update({ ...session, projectID });
    }
  }

  /** Runs one change of a project after the other. */
  private async inTurn<T>(id: string, change: () => Promise<T>): Promise<T> {
    const before = this.changes.get(id) ?? Promise.resolve();
    const turn = before.then(change, change);
    this.changes.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.changes.get(id) === turn) this.changes.delete(id);
    }
  }
}

function sandboxesOf(known: readonly string[], { id, worktree, main }: Discovery): string[] {
  if (id === GLOBAL_PROJECT || worktree === main) return [...known];
  return [...new Set([...known, worktree])];
}
