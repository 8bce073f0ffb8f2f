import { Injectable } from '@nestjs/common';
import { NotFoundError, type Project, type ProjectUpdateInput } from '#libs/contract';
import { EventBus } from '#libs/event';
import { ProjectStore } from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import { ProjectRegister } from './project-register.service.js';

/** The projects the server has ever opened. @publicApi */
@Injectable()
export class ProjectService {
  constructor(
    instances: InstanceStore,
    private readonly projects: ProjectStore,
    private readonly register: ProjectRegister,
    private readonly events: EventBus,
  ) {
    // the locator has stored it before the instance exists; here the world is told
    instances.booted$.subscribe(({ project }) => events.publishGlobal('project.updated', project));
  }

  /** In the order of first opening. */
  list(): Promise<Project[]> {
    return this.projects.list();
  }

  /** The project of the instance as it is stored now. */
  async current(instance: Instance): Promise<Project> {
    return (await this.projects.find(instance.project.id)) ?? instance.project;
  }

  /** Given fields change, those of the icon one by one; the others stay. Rejects with 404 when it is not known. */
  update(id: string, { name, icon, commands }: ProjectUpdateInput): Promise<Project> {
    return this.change(id, (project) => ({
      ...project,
      ...(name !== undefined && { name }),
      ...(icon && { icon: { ...project.icon, ...icon } }),
      ...(commands && { commands: { ...project.commands, ...commands } }),
    }));
  }

  /** An icon that was found; one that somebody chose meanwhile stays. Rejects with 404 when it is not known. */
  suggestIcon(id: string, url: string): Promise<Project> {
    return this.change(id, (project) => ({ ...project, icon: { url, ...project.icon } }));
  }

  /** Directories of linked worktrees come and go. Rejects with 404 when the project is not known. */
  changeSandboxes(id: string, edit: (sandboxes: readonly string[]) => string[]): Promise<Project> {
    return this.change(id, (project) => ({ ...project, sandboxes: edit(project.sandboxes) }));
  }

  /** Its AGENTS.md was written. */
  async markInitialized(instance: Instance): Promise<void> {
    const project = await this.register.markInitialized(instance.project.id);
    if (project) this.events.publishGlobal('project.updated', project);
  }

  private async change(id: string, edit: (project: Project) => Project): Promise<Project> {
    const project = await this.register.change(id, edit);
    if (!project) throw new NotFoundError(`Project not found: ${id}`);
    this.events.publishGlobal('project.updated', project);
    return project;
  }
}
