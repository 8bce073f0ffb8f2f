import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Project } from '#libs/contract';
import { EventBus } from '#libs/event';
import { ProjectStore } from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import type { Subscription } from 'rxjs';

/** The projects the server has ever opened. @publicApi */
@Injectable()
export class ProjectService implements OnModuleDestroy {
  private readonly booted: Subscription;

  constructor(
    instances: InstanceStore,
    private readonly projects: ProjectStore,
    events: EventBus,
  ) {
    // the locator has stored it before the instance exists; here the world is told
    this.booted = instances.booted$.subscribe(({ project }) => events.publishGlobal('project.updated', project));
  }

  /** In the order of first opening. */
  list(): Promise<Project[]> {
    return this.projects.list();
  }

  /** The project as it was when the instance booted. */
  current(instance: Instance): Project {
    return instance.project;
  }

  onModuleDestroy(): void {
    this.booted.unsubscribe();
  }
}
