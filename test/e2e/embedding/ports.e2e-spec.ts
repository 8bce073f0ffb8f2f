import {
  type Clock,
  MemoryCredentialStore,
  NodeProcessRunner,
  type ProcessRequest,
  type ProcessResult,
  SearchService,
  SystemClock,
  type WebSearch,
} from '../../../src/index.js';
import { reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';

/** Writes down what is run. */
class Overseer extends NodeProcessRunner {
  readonly commands: string[] = [];

  override run(request: ProcessRequest): Promise<ProcessResult> {
    this.commands.push([request.command, ...request.args].join(' '));
    return super.run(request);
  }
}

/** Says that it is always the same day; what waits still waits. */
class StoppedClock extends SystemClock {
  override now(): number {
    return 1_000_000;
  }
}

class Library extends SearchService {
  override web = async ({ query }: WebSearch) => `The library has nothing on ${query}.`;
  override code = async () => undefined;
}

it('a host puts its own processes, time, keys and searches in the place of the defaults', async () => {
  await using model = await ScriptedModel.start();
  await using project = await TemporaryProject.create({ model });
  const processRunner = new Overseer();
  const credentialStore = new MemoryCredentialStore();
  const clock: Clock = new StoppedClock();
  const searchService = new Library();
  await using server = await TestServer.start({ processRunner, credentialStore, clock, searchService });
  const { directory } = project;
  await server.request('/auth/acme', { method: 'PUT', json: { type: 'api', key: 'kept' } });
  expect((await credentialStore.list()).get('acme')).toEqual({ type: 'api', key: 'kept' });

  model.push(
    reply().tool('bash', { command: 'echo overseen', description: 'echoes' }).tool('websearch', { query: 'owls' }),
    reply().text('Done.'),
  );
  const { body: session } = await server.request('/session', { directory, json: {} });
  expect(session.time).toEqual({ created: 1_000_000, updated: 1_000_000 });
  const parts = [{ type: 'text', text: 'Look' }];
  await server.request(`/session/${session.id}/message`, { directory, json: { parts } });
  expect(processRunner.commands.join('\n')).toContain('echo overseen');
  const results = model.requests.at(-1)!.body.messages.filter(({ role }) => role === 'tool');
  expect(results.map(({ content }) => content)).toEqual([
    expect.stringContaining('overseen'),
    expect.stringContaining('The library has nothing on owls.'),
  ]);
});
