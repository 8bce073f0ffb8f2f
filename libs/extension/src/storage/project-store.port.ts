import type { Project } from '#libs/contract';
import { Port } from '../boot/port.js';

/** Keeps the projects ever opened. @publicApi */
export abstract class ProjectStore extends Port {
  abstract find(id: string): Promise<Project | undefined>;
  /** In the order of first opening. */
  abstract list(): Promise<Project[]>;
  /** Inserts or replaces. */
  abstract save(project: Project): Promise<void>;
}
