import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Project } from '#libs/contract';
import { EventBus } from '#libs/event';
import { ProjectStore } from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import type { Subscription } from 'rxjs';
import { ProjectRegister } from './project-register.service.js';

/** The projects the server has ever opened. @publicApi */
@Injectable()
export class ProjectService implements OnModuleDestroy {
  private readonly booted: Subscription;

  constructor(
    instances: InstanceStore,
    private readonly projects: ProjectStore,
    private readonly register: ProjectRegister,
    private readonly events: EventBus,
  ) {
    // the locator has stored it before the instance exists; here the world is told
    this.booted = instances.booted$.subscribe(({ project }) => events.publishGlobal('project.updated', project));
  }

  /** In the order of first opening. */
  list(): Promise<Project[]> {
    return this.projects.list();
  }

  /** The project of the instance as it is stored now. */
  async current(instance: Instance): Promise<Project> {
    return (await this.projects.find(instance.project.id)) ?? instance.project;
  }

  /** Its AGENTS.md was written. */
  async markInitialized(instance: Instance): Promise<void> {
    const project = await this.register.markInitialized(instance.project.id);
    if (project) this.events.publishGlobal('project.updated', project);
  }

  onModuleDestroy(): void {
    this.booted.unsubscribe();
  }
}
