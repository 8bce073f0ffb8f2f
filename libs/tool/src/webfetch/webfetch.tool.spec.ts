import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { PermissionDeniedError } from '#libs/permission';
import { ToolWorld } from '../tool-world.fixture.js';
import { networkPlace } from './network-place.js';

describe('webfetch', () => {
  let world: ToolWorld;
  let server: Server;
  let url: string;
  let answer: RequestListener;
  beforeEach(async () => {
    world = await ToolWorld.create();
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await world.close();
  });
  const serve = (type: string | undefined, body: string | Uint8Array, headers: Record<string, string> = {}) => {
    answer = (_, response) => response.writeHead(200, { ...(type && { 'content-type': type }), ...headers }).end(body);
  };
  const fetched = (more: object = {}) => world.run('webfetch', { url, ...more });
  const refusal = (more: object = {}) => world.fail('webfetch', { url, ...more });

  it('gives a page in the form that is wanted, and asks for its address', async () => {
    serve('text/html; charset=utf-8', '<h1>Hé</h1><p>text</p>');
    expect(await fetched()).toEqual({
      title: `${url} (text/html; charset=utf-8)`,
      output: '# Hé\n\ntext',
      metadata: { truncated: false },
    });
    expect(await fetched({ format: 'text' })).toMatchObject({ output: 'Hétext' });
    expect(await fetched({ format: 'html', timeout: 5 })).toMatchObject({ output: '<h1>Hé</h1><p>text</p>' });
    expect(world.asks.at(-1)).toEqual({
      permission: 'webfetch',
      patterns: [url],
      always: ['*'],
      metadata: { url, format: 'html', timeout: 5 },
    });
  });

  it.each<[string, string | undefined, string | Uint8Array, string]>([
    ['other types as they are', 'application/json', '{"a":"<b>"}', '{"a":"<b>"}'],
    ['what has no type', undefined, '<p>x</p>', '<p>x</p>'],
    ['a character set of the header', 'text/plain; charset="iso-8859-1"', Uint8Array.of(0xe9), 'é'],
    ['one of the page', 'text/html', Buffer.from('<meta charset=windows-1252><p>\x80</p>', 'latin1'), '€'],
    ['one of a mark', 'text/plain; charset=latin1', Uint8Array.of(0xef, 0xbb, 0xbf, 0xc3, 0xa9), 'é'],
    ['one nobody knows', 'text/plain; charset=klingon', 'é', 'é'],
  ])('gives %s', async (_, type, body, output) => {
    serve(type, body);
    expect(await fetched()).toMatchObject({ title: `${url} (${type ?? ''})`, output });
  });

  it('attaches images; svg is text', async () => {
    serve('image/png', Uint8Array.of(1, 2, 3));
    expect(await fetched()).toEqual({
      title: `${url} (image/png)`,
      output: 'Image fetched successfully',
      metadata: { truncated: false },
      attachments: [{ mime: 'image/png', url: 'data:image/png;base64,AQID' }],
    });
    serve('image/svg+xml', '<svg/>');
    expect(await fetched()).toMatchObject({ output: '<svg/>' });
  });

  it('says what it prefers, and looks like a browser unless that is held against it', async () => {
    const seen: [string?, string?, string?][] = [];
    answer = ({ headers }, response) => {
      seen.push([headers.accept, headers['user-agent'], headers['accept-language']]);
      if (headers['user-agent']?.includes('Mozilla')) response.writeHead(403, { 'cf-mitigated': 'challenge' });
      response.end('ok');
    };
    expect((await fetched({ format: 'text' })).output).toBe('ok');
    expect(seen).toEqual([
      [
        'text/plain;q=1.0, text/markdown;q=0.9, text/html;q=0.8, */*;q=0.1',
        expect.stringContaining('Mozilla'),
        'en-US,en;q=0.9',
      ],
      [expect.any(String), 'opencode', 'en-US,en;q=0.9'],
    ]);
  });

  it('tells what went wrong', async () => {
    answer = (_, response) => response.writeHead(404).end();
    expect(await refusal()).toBe('Request failed with status code: 404');
    const asked = world.asks.length;
    for (const bad of ['ftp://x/', 'file:///etc/passwd', '/etc/passwd', 'http://'])
      expect(await refusal({ url: bad })).toBe('URL must start with http:// or https://');
    expect(world.asks).toHaveLength(asked);
    expect(await refusal({ url: 'http://127.0.0.1:1/' })).toMatch(/^127\.0\.0\.1:1 cannot be reached: /);
  });

  it.each([
    ['announced', { 'content-length': String(5 * 1024 * 1024 + 1) }, 'x'],
    ['sent', {}, 'x'.repeat(5 * 1024 * 1024 + 1)],
    ['packed', { 'content-encoding': 'gzip' }, gzipSync('x'.repeat(5 * 1024 * 1024 + 1))],
  ])('refuses more than 5 MB, %s', async (_, headers, body) => {
    answer = (_request, response) => {
      response.writeHead(200, headers as Record<string, string>);
      response.write(body);
      if (!('content-length' in headers)) response.end();
    };
    expect(await refusal()).toBe('Response too large (exceeds 5MB limit)');
  });

  it('has a time limit up to the last byte, and ends when aborted', async () => {
    answer = (_, response) => response.writeHead(200).write('begun');
    const outcome = world.run('webfetch', { url, timeout: 0.1 }).catch((error: unknown) => error as Error);
    expect(await outcome).toMatchObject({ name: 'AbortError', message: 'The operation was aborted.' });
    const control = new AbortController();
    answer = (_, response) => {
      response.writeHead(200).write('begun');
      control.abort(new Error('stopped'));
    };
    expect(await world.fail('webfetch', { url }, { signal: control.signal })).toBe('stopped');
  });

  it('follows redirects to the web only', async () => {
    const locations: Record<string, string> = {
      '/a': '/b',
      '/b': '/done',
      '/ftp': 'ftp://x/',
      '/file': 'file:///etc/passwd',
      '/round': '/round',
      '/cloud': 'http://169.254.169.254/latest/meta-data/',
    };
    answer = ({ url: path = '' }, response) => {
      const location = locations[path];
      if (location === undefined) response.end('arrived');
      else response.writeHead(302, { location }).end();
    };
    expect((await fetched({ url: `${url}/a` })).output).toBe('arrived');
    expect(world.asks).toHaveLength(1);
    for (const path of ['/ftp', '/file'])
      expect(await refusal({ url: url + path })).toMatch(/neither to http.*refused/);
    expect(await refusal({ url: `${url}/round` })).toMatch(/Too many redirects/);
    expect(await refusal({ url: `${url}/cloud` })).toMatch(/169\.254\.169\.254 is a link-local address/);
    expect(await refusal({ url: 'http://[fe80::1]/' })).toMatch(/link-local/);
  });

  it('asks again before a redirect to another host', async () => {
    const { port } = server.address() as AddressInfo;
    const other = `http://localhost:${port}/other`;
    answer = ({ headers }, response) => {
      if (headers.host?.startsWith('localhost')) response.end('other');
      else response.writeHead(301, { location: other }).end();
    };
    expect((await fetched()).output).toBe('other');
    expect(world.asks.map(({ patterns }) => patterns)).toEqual([[url], [other]]);
    world.onAsk = ({ patterns }) => {
      if (patterns[0] === other) throw new PermissionDeniedError([]);
    };
    expect(await refusal()).toMatch(/rule which prevents/);
  });

  it.each([
    ['http://127.0.0.1', 'private'],
    ['http://10.1.2.3', 'private'],
    ['http://[::1]:8080', 'private'],
    ['http://[::ffff:192.168.0.1]', 'private'],
    ['http://localhost', 'private'],
    ['http://[fd00:ec2::254]', 'link-local'],
    ['http://[::ffff:169.254.169.254]', 'link-local'],
    ['http://2852039166', 'link-local'],
    ['http://8.8.8.8', 'public'],
    ['http://nowhere.invalid', 'public'],
  ])('%s is %s', async (address, place) => expect(await networkPlace(new URL(address))).toBe(place));
});
