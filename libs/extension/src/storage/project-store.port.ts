import type { Project } from '#libs/contract';
import { Port } from '../boot/port.js';

/** Keeps the projects ever opened. @publicApi */
export abstract class ProjectStore extends Port {
  abstract find(id: string): Promise<Project | undefined>;
  /** In the order of first opening. */
  abstract list(): Promise<Project[]>;
  /**
   * Stores what `change` makes of the project with this id, which may not be there yet, and resolves to that; undefined
   * when it makes nothing: then nothing changes. Nothing that others, in this process or another, store at the same
   * time is lost: `change` sees what is stored at that moment. It may be called more than once.
   */
  abstract update(
    id: string,
    change: (stored: Project | undefined) => Project | undefined,
  ): Promise<Project | undefined>;
}
