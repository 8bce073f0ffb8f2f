import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryProject } from '../../../src/testing.js';
import { SpawnedServer } from '../../helpers/spawn-server.js';

/** One secret for each place that it can come from. */
const SECRETS = {
  variable: 'environment-s3cret',
  config: 'configured-s3cret',
  header: 'header-s3cret',
  address: 'address-s3cret',
  stored: 'stored-s3cret',
  mcp: 'mcp-header-s3cret',
  password: 'password-s3cret',
};

/** A provider that repeats what it was sent when it refuses it, in text and headers. */
function talkative(): Server {
  return createServer((request, response) => {
    const { authorization = '', 'x-team-key': team = '' } = request.headers;
    response.writeHead(401, {
      'content-type': 'application/json',
      'x-echo': authorization,
      'set-cookie': String(team),
    });
    response.end(
      JSON.stringify({ error: { message: `Wrong key: ${authorization}, ${String(team)}, ${request.url}` } }),
    );
  });
}

describe('keys', () => {
  const provider = talkative();
  beforeAll(() => new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => provider.close(resolve)));

  it('of the environment, the configuration and the store are in no log and no answer of failing turns', async () => {
    const host = `127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const acme = (apiKey?: string) => ({
      models: { m: {} },
      options: {
        baseURL: `http://${host}/v1?key=${SECRETS.address}&x=`,
        headers: { 'X-Team-Key': SECRETS.header },
        ...(apiKey && { apiKey }),
      },
    });
    await using project = await TemporaryProject.create({
      config: {
        provider: {
          configured: acme(SECRETS.config),
          // its variable has a name that says nothing
          substituted: acme('{env:ACME}'),
          mistral: { ...acme(), npm: '@ai-sdk/openai-compatible' },
          deepseek: acme(),
        },
        mcp: {
          notes: {
            type: 'remote',
            url: `http://${host}/mcp`,
            oauth: false,
            headers: { Authorization: `Bearer ${SECRETS.mcp}` },
          },
        },
      },
    });
    const variables = {
      ACME: 'substituted-s3cret',
      DEEPSEEK_API_KEY: SECRETS.variable,
      OPENCODE_SERVER_PASSWORD: SECRETS.password,
    };
    await using server = await SpawnedServer.start(['--log-level', 'DEBUG'], { cwd: project.directory, variables });
    const authorization = `Basic ${Buffer.from(`opencode:${SECRETS.password}`).toString('base64')}`;
    const seen: string[] = [];
    const ask = async (path: string, json?: object, method = json ? 'POST' : 'GET') => {
      const response = await fetch(server.url + path, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(json && { body: JSON.stringify(json) }),
      });
      const text = await response.text();
      seen.push(text);
      return JSON.parse(text);
    };
    await ask('/auth/mistral', { type: 'api', key: SECRETS.stored }, 'PUT');
    for (const providerID of ['configured', 'substituted', 'mistral', 'deepseek']) {
      const { id } = await ask('/session', {});
      const parts = [{ type: 'text', text: 'hi' }];
      const answer = await ask(`/session/${id}/message`, { model: { providerID, modelID: 'm' }, parts });
      // the trouble itself is told
      expect(answer.info.error).toMatchObject({ name: 'APIError', data: { statusCode: 401 } });
      expect(answer.info.error.data.message).toMatch(
        /^Wrong key: Bearer \[redacted\], \[redacted\], \/v1\?key=\[redacted\]/,
      );
      await ask(`/session/${id}/message`);
    }
    await ask('/mcp');
    await ask('/provider');
    await ask('/log', { service: 'client', level: 'info', message: `I was sent ${SECRETS.stored}` });
    await server.stop();

    const folder = join(server.home, '.local/share/opencode/log');
    const [file = ''] = await readdir(folder);
    const log = await readFile(join(folder, file), 'utf8');
    expect(log).toContain('Wrong key: [redacted]');
    expect(log).toContain('I was sent [redacted]');
    for (const place of [log, server.command.stdout, server.command.stderr, ...seen])
      expect(/[a-z-]*s3cret/.exec(place)?.[0]).toBeUndefined();
  });
});
