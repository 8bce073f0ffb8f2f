import { Bonjour, type Browser, type Service } from 'bonjour-service';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { TestServer } from '../../src/testing.js';
import { until } from '../helpers/until.js';

/** Whether this machine hears its own multicasts: one without a network does not, and nothing can be found there. */
async function hasMulticast(): Promise<boolean> {
  const [group, socket] = ['224.0.0.251', createSocket('udp4')];
  socket.on('error', () => undefined);
  try {
    socket.bind(0);
    await once(socket, 'listening');
    socket.addMembership(group);
    const heard = once(socket, 'message', { signal: AbortSignal.timeout(2_000) });
    socket.send('hello', socket.address().port, group);
    await heard;
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

describe('a server in the local network', () => {
  it('is found by who asks for it, until it ends', async () => {
    const server = await TestServer.start({ mdns: true, mdnsDomain: 'tests.local' });
    const port = Number(new URL(server.url).port);
    expect((await server.request('/global/health')).status).toBe(200);
    const multicast = await hasMulticast();
    const bonjour = new Bonjour();
    const found: Service[] = [];
    const browser: Browser = bonjour.find({ type: 'http' }, (service) => found.push(service));
    try {
      const own = () => found.find(({ name }) => name === `opencode-${port}`);
      if (multicast) await until(() => own() !== undefined, 'the server is found');
      const place = own() && [own()!.host, own()!.port, own()!.txt];
      expect(place).toEqual(multicast ? ['tests.local', port, { path: '/' }] : undefined);
      await server.close();
      await until(() => !browser.services.some(({ name }) => name === `opencode-${port}`), 'the server is gone');
    } finally {
      browser.stop();
      await new Promise<void>((resolve) => bonjour.destroy(resolve));
      await server.close();
    }
  });

  it('is not announced when nobody else reaches it', async () => {
    await using server = await TestServer.start({ mdns: true, hostname: '127.0.0.1' });
    expect(server.logs).toContainEqual(expect.stringContaining('only this machine reaches 127.0.0.1'));
  });
});
