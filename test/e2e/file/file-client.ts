import type { TemporaryProject, TestReply, TestServer } from '../../../src/testing.js';

/** Looks at the files of a directory over HTTP. */
export class FileClient {
  constructor(
    private readonly server: TestServer,
    readonly directory: string,
  ) {}

  static of(server: TestServer, project: TemporaryProject): FileClient {
    return new FileClient(server, project.directory);
  }

  get(path: string, query: Record<string, string> = {}): Promise<TestReply> {
    return this.server.request(`${path}?${new URLSearchParams(query).toString()}`, { directory: this.directory });
  }

  list(path: string): Promise<TestReply> {
    return this.get('/file', { path });
  }

  content(path: string): Promise<TestReply> {
    return this.get('/file/content', { path });
  }

  /** The body of an answer that is expected to be 200. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  async body(path: string, query: Record<string, string> = {}): Promise<any> {
    const { status, body } = await this.get(path, query);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }
}
