import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Environment,
  HostedSearch,
  NoSearch,
  SearchError,
  SearchService,
  SearchUnavailableError,
  SystemEnvironment,
} from '#libs/extension';
import { ToolWorld } from '../tool-world.fixture.js';

const environment = (variables: Record<string, string> = {}): Environment => new SystemEnvironment(variables, '/');
const event = (message: object) => `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: 1, ...message })}\n\n`;

describe('websearch and codesearch', () => {
  let world: ToolWorld | undefined;
  let server: Server;
  let endpoint: string;
  let answer: RequestListener;
  let requests: { method: string; params: { name: string; arguments: unknown } }[];
  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += String(chunk)));
      request.on('end', () => {
        requests.push(JSON.parse(body));
        answer(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    world = await ToolWorld.create({ search: new HostedSearch(environment(), endpoint) });
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await world?.close();
  });
  const replyWith = (body: string, status = 200) =>
    (answer = (_, response) => void response.writeHead(status).end(body));

  it('ask the service, and give its text', async () => {
    replyWith(`: hello\n\n${event({ result: { content: [{ type: 'text', text: 'Found it' }] } })}`);
    expect(await world!.run('websearch', { query: 'nest 12' })).toEqual({
      title: 'Web search: nest 12',
      output: 'Found it',
      metadata: { truncated: false },
    });
    const web = { query: 'nest 12', numResults: 8, livecrawl: 'fallback', type: 'auto' };
    expect(await world!.run('codesearch', { query: 'zod', tokensNum: '1000' })).toMatchObject({
      title: 'Code search: zod',
    });
    const code = { query: 'zod', tokensNum: 1000 };
    expect(requests).toMatchObject([
      { jsonrpc: '2.0', method: 'tools/call', params: { name: 'web_search_exa', arguments: web } },
      { jsonrpc: '2.0', method: 'tools/call', params: { name: 'get_code_context_exa', arguments: code } },
    ]);
    expect(world!.asks).toEqual([
      { permission: 'websearch', patterns: ['nest 12'], always: ['*'], metadata: web },
      { permission: 'codesearch', patterns: ['zod'], always: ['*'], metadata: code },
    ]);
  });

  it('read plain JSON as well, and say when nothing was found', async () => {
    replyWith(JSON.stringify({ result: { content: [{ text: 'Plain' }] } }));
    expect(await world!.run('websearch', { query: 'x' })).toMatchObject({ output: 'Plain' });
    replyWith(event({ result: { content: [] } }));
    expect(await world!.run('websearch', { query: 'x' })).toMatchObject({
      output: expect.stringMatching(/^Nothing was/),
    });
    expect(await world!.run('codesearch', { query: 'x' })).toMatchObject({ output: expect.stringMatching(/^Neither/) });
  });

  it('tell what went wrong', async () => {
    replyWith('too many', 429);
    expect(await world!.fail('websearch', { query: 'x' })).toBe('Search error (429): too many');
    expect(await world!.fail('codesearch', { query: 'x' })).toBe('Code search error (429): too many');
    replyWith(event({ error: { code: -1, message: 'no such tool' } }));
    expect(await world!.fail('websearch', { query: 'x' })).toBe('Search error: no such tool');
    replyWith(event({ result: { isError: true, content: [{ text: 'limit' }] } }));
    expect(await world!.fail('websearch', { query: 'x' })).toBe('Search error: limit');
    server.closeAllConnections();
    server.close();
    expect(await world!.fail('codesearch', { query: 'x' })).toMatch(
      /^Code search error: 127\.0\.0\.1:\d+ cannot be reached/,
    );
  });

  it('end when aborted', async () => {
    const control = new AbortController();
    answer = () => control.abort(new Error('stopped'));
    expect(await world!.fail('websearch', { query: 'x' }, { signal: control.signal })).toBe('stopped');
  });

  it('refuse arguments out of range', async () => {
    expect(await world!.fail('codesearch', { query: 'x', tokensNum: 999 })).toContain('invalid arguments');
    expect(await world!.fail('websearch', { query: '' })).toContain('invalid arguments');
  });

  it.each<[Record<string, string>, string, boolean]>([
    [{}, 'anthropic', false],
    [{}, 'opencode', true],
    [{ OPENCODE_ENABLE_EXA: '1' }, 'anthropic', true],
    [{ OPENCODE_EXPERIMENTAL_EXA: 'TRUE' }, 'anthropic', true],
    [{ OPENCODE_EXPERIMENTAL: 'true' }, 'anthropic', true],
    [{ OPENCODE_ENABLE_EXA: '0' }, 'anthropic', false],
  ])('are offered as the variables say: %j, %s', async (variables, providerID, offered) => {
    await world!.close();
    world = await ToolWorld.create({ variables });
    const ids = (await world.registry.list(world.instance, { providerID, modelID: 'm' })).map(({ id }) => id);
    expect(ids.filter((id) => id.endsWith('search'))).toEqual(offered ? ['websearch', 'codesearch'] : []);
    expect(await world.registry.ids(world.instance)).toEqual(expect.arrayContaining(['websearch', 'codesearch']));
  });

  it.each([
    [{}, 'opencode', false],
    [{ OPENCODE_ENABLE_EXA: '1' }, 'anthropic', true],
  ])(
    'say that there is no service where none is wanted and variables switch them on: %j',
    async (variables, providerID, offered) => {
      await world!.close();
      world = await ToolWorld.create({ search: new NoSearch(environment(variables)) });
      const ids = (await world.registry.list(world.instance, { providerID, modelID: 'm' })).map(({ id }) => id);
      expect(ids.filter((id) => id.endsWith('search'))).toEqual(offered ? ['websearch', 'codesearch'] : []);
      for (const tool of ['websearch', 'codesearch']) {
        const error: unknown = await world.run(tool, { query: 'x' }).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(SearchUnavailableError);
        expect(SearchError.is(error)).toBe(true);
        expect((error as Error).message).toMatch(/^No search service is configured\. .+ searchService\.$/);
      }
    },
  );

  it('are offered to all models when the host has a search of its own', async () => {
    class OwnSearch extends SearchService {
      web = async ({ query }: { query: string }) => `own ${query}`;
      code = async () => undefined;
    }
    await world!.close();
    world = await ToolWorld.create({ search: new OwnSearch() });
    const tools = await world.registry.list(world.instance, { providerID: 'acme', modelID: 'm' });
    expect(tools.map(({ id }) => id)).toEqual(expect.arrayContaining(['websearch', 'codesearch']));
    expect(await world.run('websearch', { query: 'x' })).toMatchObject({ output: 'own x' });
  });
});
