import type { Project } from '#libs/contract';
import { ProjectStore } from '#libs/extension';
import type { MemoryTables } from './memory-tables.js';

/** Projects that are forgotten with the process. */
export class MemoryProjectStore extends ProjectStore {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  async find(id: string): Promise<Project | undefined> {
    const text = this.tables.projects.get(id);
    return text === undefined ? undefined : (JSON.parse(text) as Project);
  }

  async list(): Promise<Project[]> {
    return [...this.tables.projects.values()].map((text) => JSON.parse(text) as Project);
  }

  async update(id: string, change: (stored: Project | undefined) => Project | undefined): Promise<Project | undefined> {
    const text = this.tables.projects.get(id);
    const project = change(text === undefined ? undefined : (JSON.parse(text) as Project));
    if (project) this.tables.projects.set(id, JSON.stringify(project));
    return project;
  }
}
