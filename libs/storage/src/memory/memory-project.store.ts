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

  async save(project: Project): Promise<void> {
    this.tables.projects.set(project.id, JSON.stringify(project));
  }
}
