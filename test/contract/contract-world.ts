import { type EventReader, ScriptedModel, TemporaryProject, TestServer, type TestReply } from '../../src/testing.js';
import { AcmeLoginModule } from '../helpers/acme-login.js';
import { SdkCaller } from './sdk-caller.js';
import { type OpenApi, problems, ServedContract } from './served-contract.js';

/** A server with all that its document speaks of, and whoever checks its answers. */
export class ContractWorld {
  readonly model: ScriptedModel;
  readonly project: TemporaryProject;
  readonly server: TestServer;
  readonly contract: ServedContract;
  /** Events of the project. */
  readonly events: EventReader;
  /** Events of all projects. */
  readonly all: EventReader;

  /** Operations without a method of the official client. */
  readonly unknownToSdk = new Set<string>();
  private sdk?: SdkCaller;

  private constructor(parts: Pick<ContractWorld, 'model' | 'project' | 'server' | 'contract' | 'events' | 'all'>) {
    ({
      model: this.model,
      project: this.project,
      server: this.server,
      contract: this.contract,
      events: this.events,
      all: this.all,
    } = parts);
  }

  static async start(): Promise<ContractWorld> {
    const model = await ScriptedModel.start();
    const project = await TemporaryProject.create({
      model,
      git: true,
      files: { 'a.txt': 'hello' },
      config: { permission: { bash: { '*': 'allow', 'rm *': 'ask' } } },
    });
    const server = await TestServer.start({
      imports: [AcmeLoginModule],
      shareService: { share: async () => ({ url: 'https://share.example/1' }), unshare: async () => undefined },
    });
    const contract = new ServedContract((await server.request('/doc')).body as OpenApi);
    const all = await server.events();
    const events = await server.events({ directory: project.directory });
    return new ContractWorld({ model, project, server, contract, events, all });
  }

  /** Sends a request by the official client, and checks status and body of the answer. */
  readonly ask = async (method: string, path: string, status: number, json?: unknown): Promise<TestReply['body']> => {
    const { id: operation, template } = this.contract.operation(method, path);
    this.sdk ??= new SdkCaller(this.server.url, this.project.directory);
    const known = this.sdk.knows(operation);
    if (!known) this.unknownToSdk.add(operation);
    const answer = known
      ? await this.sdk.call({ operation, template, method, path, json })
      : await this.server.request(path, {
          method,
          directory: this.project.directory,
          ...(json === undefined ? {} : { json }),
        });
    expect([method, path, answer.status]).toEqual([method, path, status]);
    const validate = this.contract.answer(method, path, status);
    if (validate) expect([method, path, problems(validate, answer.body)]).toEqual([method, path, []]);
    else expect([method, path, answer.body]).toEqual([method, path, '']);
    return answer.body;
  };

  async close(): Promise<void> {
    await this.server.close();
    await this.project.remove();
    await this.model.close();
  }
}
