import type { EventReader, TemporaryProject, TestReply, TestServer } from '../../src/testing.js';

/** A prompt: its text, or the whole body of the request. */
export type Prompt = string | Record<string, unknown>;

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

  openEvents(): Promise<EventReader> {
    return this.server.events({ directory: this.directory });
  }

  /** Makes a session. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  async create(input: object = {}): Promise<any> {
    const { status, body } = await this.post('/session', input);
    if (status !== 200) throw new Error(`POST /session answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Sends a prompt and waits for the answer. */
  prompt(sessionID: string, prompt: Prompt, more: object = {}): Promise<TestReply> {
    return this.post(`/session/${sessionID}/message`, typeof prompt === 'string' ? say(prompt, more) : prompt);
  }

  promptAsync(sessionID: string, prompt: Prompt): Promise<TestReply> {
    return this.post(`/session/${sessionID}/prompt_async`, typeof prompt === 'string' ? say(prompt) : prompt);
  }
}
