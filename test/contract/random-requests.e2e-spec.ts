import { jest } from '@jest/globals';
import { ContractWorld } from './contract-world.js';
import { RandomRequests } from './random-requests.js';
import { problems } from './served-contract.js';

// a busy machine is slow, not broken
jest.setTimeout(120_000);

const REQUESTS = 600;

/** They stay open, wait for somebody, or end what the others need. */
const LEFT = [
  ...['event.subscribe', 'global.event', 'tui.control.next', 'pty.connect', 'provider.oauth.callback'],
  ...['global.dispose', 'instance.dispose', 'mcp.auth.authenticate'],
];

describe('whatever is asked', () => {
  let world: ContractWorld;
  beforeAll(async () => void (world = await ContractWorld.start()));
  afterAll(() => world.close());

  it.each([1, 2, 3])('the answer is as documented, and no fault of the server (seed %i)', async (seed) => {
    const { contract, server, project } = world;
    const requests = new RandomRequests(contract.document, seed, LEFT);
    const wrong: unknown[] = [];
    for (let sent = 0; sent < REQUESTS / 3; sent++) {
      const { id, method, path, body } = requests.next();
      const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await server.request(path, { method, directory: project.directory, headers, body });
      const { status } = answer;
      requests.learn(JSON.stringify(answer.body));
      const documented = contract.operation(method, path).responses[String(status)];
      if (!documented) wrong.push([id, method, path, body, status, answer.body]);
      else {
        const validate = contract.answer(method, path, status);
        // documented as the bare message, as by the reference
        const said = id === 'session.shell' && status === 200 ? (answer.body as { info: unknown }).info : answer.body;
        const found = validate ? problems(validate, said) : [];
        if (found.length > 0) wrong.push([id, method, path, body, status, ...found]);
      }
    }
    expect(wrong).toEqual([]);
  });
});
