import { expect } from '@jest/globals';
import { reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';
import { ProjectClient } from '../../helpers/project-client.js';

/** Milliseconds any refusal may take: a hang fails the test. */
const LIMIT = 30_000;

export const UNKNOWN = {
  session: 'ses_ffffffffffffaaaaaaaaaaaaaa',
  message: 'msg_ffffffffffffaaaaaaaaaaaaaa',
  permission: 'per_ffffffffffffaaaaaaaaaaaaaa',
  question: 'que_ffffffffffffaaaaaaaaaaaaaa',
};

/** A text of a megabyte. */
export const LONG = 'x'.repeat(1024 * 1024);

export interface Answer {
  status: number;
  type: string | null;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  body: any;
}

/** A server with one finished conversation that no bad request may change. */
export class RefusalWorld implements AsyncDisposable {
  private stored: unknown;

  private constructor(
    readonly model: ScriptedModel,
    readonly project: TemporaryProject,
    readonly server: TestServer,
    readonly sessionID: string,
    readonly messageID: string,
  ) {}

  static async start(): Promise<RefusalWorld> {
    const model = await ScriptedModel.start();
    const project = await TemporaryProject.create({ model });
    const server = await TestServer.start();
    const client = new ProjectClient(server, project);
    const { id } = await client.create({ title: 'untouched' });
    model.push(reply().text('Hi.'));
    const { body } = await client.prompt(id, 'Hello', { tools: { bash: true } });
    const world = new RefusalWorld(model, project, server, id, body.info.id);
    world.stored = await world.everything();
    return world;
  }

  get client(): ProjectClient {
    return new ProjectClient(this.server, this.project);
  }

  /** Sends a body as it stands. */
  readonly send = async (method: string, path: string, body?: string, type = 'application/json'): Promise<Answer> => {
    const response = await fetch(this.server.url + path, {
      method,
      signal: AbortSignal.timeout(LIMIT),
      headers: {
        'x-opencode-directory': this.project.directory,
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: text === '' ? '' : JSON.parse(text),
    };
  };

  /** Fails when anything was stored. */
  readonly unchanged = async (): Promise<void> => {
    expect(await this.everything()).toEqual(this.stored);
  };

  /** Failures in the log of the server. */
  failures(): string[] {
    return this.server.logs.filter((line) => /^(ERROR|FATAL)/.test(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await this.project.remove();
    await this.model.close();
  }

  private async everything(): Promise<unknown> {
    const { client } = this;
    const paths = [
      '/session?limit=-1',
      `/session/${this.sessionID}/message`,
      `/session/${this.sessionID}/todo`,
      '/permission',
      '/question',
      '/session/status',
      '/config',
    ];
    const answers = [];
    for (const path of paths) answers.push((await client.get(path)).body);
    return answers;
  }
}

/** Fails unless the answer is a refusal as documented: one of some statuses, and JSON that names what is wrong. */
export function expectRefusal(what: string, { status, type, body }: Answer, statuses: readonly number[]): void {
  expect({ what, status, type, body }).toEqual({
    what,
    status: statuses.includes(status) ? status : statuses,
    type: 'application/json',
    body: expect.anything(),
  });
  if (status === 400 && 'success' in body) {
    const issue = { code: expect.any(String), path: expect.any(Array), message: expect.any(String) };
    expect(body).toEqual({
      data: body.data,
      error: expect.arrayContaining([expect.objectContaining(issue)]),
      errors: body.error,
      success: false,
    });
  } else {
    expect(body).toEqual({
      name: expect.stringMatching(/^[A-Z]\w+$/),
      data: expect.objectContaining({ message: expect.stringMatching(/\S/) }),
    });
  }
  // neither a stack nor a path of the program
  expect(JSON.stringify(body)).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
}
