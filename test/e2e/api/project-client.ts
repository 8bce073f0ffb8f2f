import type { EventReader, TemporaryProject, TestReply, TestServer } from '../../../src/testing.js';

/** The body of a prompt with one text. */
export const say = (text: string, more: object = {}) => ({ parts: [{ type: 'text', text }], ...more });

/** Types and ids of what was said about sessions and messages, for a comparison of the whole order. */
export const typesOf = (events: readonly { type: string }[]): string[] => events.map(({ type }) => type);

/** Requests of a client that works in one project. */
export class ProjectClient {
  constructor(
    readonly server: TestServer,
    readonly project: TemporaryProject,
  ) {}

  get directory(): string {
    return this.project.directory;
  }

  get(path: string): Promise<TestReply> {
    return this.server.request(path, { directory: this.directory });
  }

  post(path: string, json: unknown = {}): Promise<TestReply> {
    return this.server.request(path, { directory: this.directory, json });
  }

  patch(path: string, json: unknown): Promise<TestReply> {
    return this.server.request(path, { directory: this.directory, json, method: 'PATCH' });
  }

  delete(path: string): Promise<TestReply> {
    return this.server.request(path, { directory: this.directory, method: 'DELETE' });
  }

  events(): Promise<EventReader> {
    return this.server.events({ directory: this.directory });
  }

  /** A new session. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  async session(input: object = {}): Promise<any> {
    const { status, body } = await this.post('/session', input);
    if (status !== 200) throw new Error(`POST /session answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  prompt(sessionID: string, text: string, more: object = {}): Promise<TestReply> {
    return this.post(`/session/${sessionID}/message`, say(text, more));
  }
}
