import { TemporaryProject, type TemporaryProjectOptions, TestServer } from '../../../src/testing.js';
import { FileClient } from './file-client.js';

/** A server, and a git project of which it is asked. */
export class FileWorld {
  private constructor(
    readonly server: TestServer,
    readonly project: TemporaryProject,
    readonly client: FileClient,
  ) {}

  static async start(files: TemporaryProjectOptions['files']): Promise<FileWorld> {
    const server = await TestServer.start();
    const project = await TemporaryProject.create({ git: true, files });
    return new FileWorld(server, project, FileClient.of(server, project));
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.project.remove();
  }
}
