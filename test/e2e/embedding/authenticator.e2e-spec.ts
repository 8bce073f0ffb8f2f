import { type INestApplication, Module } from '@nestjs/common';
import { WebSocket } from 'ws';
import {
  type AuthenticationRequest,
  Authenticator,
  OpencodeHttpModule,
  OpencodeModule,
  SystemEnvironment,
} from '../../../src/index.js';
import { TestServer } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { HOST_ADAPTERS, startHost } from '../../helpers/host-application.js';

/** Asks somebody else, so it takes a moment. */
class TokenAuthenticator extends Authenticator {
  override readonly challenge = 'Bearer';
  readonly asked: string[] = [];

  async authenticate({ method, url, headers }: AuthenticationRequest): Promise<boolean> {
    await new Promise(setImmediate);
    this.asked.push(`${method} ${url}`);
    return headers['authorization'] === 'Bearer sesame';
  }
}

const WITH = { authorization: 'Bearer sesame' };

describe.each(HOST_ADAPTERS)('an authenticator in a host on %s', (name) => {
  let directory: string;
  let app: INestApplication;
  let url: string;
  let authenticator: TokenAuthenticator;
  beforeAll(async () => {
    directory = await makeFolder();
    authenticator = new TokenAuthenticator();
    const environment = new SystemEnvironment({ HOME: directory }, directory);
    @Module({
      imports: [
        OpencodeModule.forRoot({ environment, storage: 'memory', localModels: false, authenticator }),
        OpencodeHttpModule,
      ],
    })
    class AppModule {}
    ({ app, url } = await startHost(name, AppModule));
  });
  afterAll(async () => {
    await app.close();
    await removeFolder(directory);
  });

  it.each(['/session', '/event', '/global/health', '/doc'])('lets nobody it does not know to %s', async (path) => {
    const refused = await fetch(url + path);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await refused.json()).toMatchObject({ name: 'UnauthorizedError' });
    const known = await fetch(url + path, { headers: WITH });
    expect(known.status).toBe(200);
    await known.body?.cancel();
    expect(authenticator.asked).toContain(`GET ${path}`);
  });

  it('guards terminals too', async () => {
    const headers = { ...WITH, 'content-type': 'application/json' };
    const body = JSON.stringify({ command: '/bin/cat', cwd: directory });
    const { id } = (await (await fetch(`${url}/pty`, { method: 'POST', headers, body })).json()) as { id: string };
    const connect = (headers: Record<string, string>) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/pty/${id}/connect`, { headers });
        socket.once('open', () => {
          resolve('open');
          socket.close();
        });
        socket.once('error', (error) => resolve(error.message));
      });
    expect(await connect({})).toContain('401');
    expect(await connect(WITH)).toBe('open');
    expect((await fetch(`${url}/pty/${id}`, { method: 'DELETE', headers: WITH })).status).toBe(200);
  });
});

describe('an authenticator of the standalone server', () => {
  it('is asked once about each request, unknown paths included, but for preflights', async () => {
    const authenticator = new TokenAuthenticator();
    await using server = await TestServer.start({ authenticator });
    const status = async (path: string, init: RequestInit = {}) => (await fetch(server.url + path, init)).status;
    expect(await status('/session')).toBe(401);
    expect(await status('/unknown')).toBe(401);
    expect(await status('/%zz')).toBe(401);
    expect(await status('/session', { headers: WITH })).toBe(200);
    expect(await status('/unknown', { headers: WITH })).toBe(404);
    expect(authenticator.asked).toHaveLength(5);
    expect(await status('/session', { method: 'OPTIONS' })).toBe(204);
  });
});
