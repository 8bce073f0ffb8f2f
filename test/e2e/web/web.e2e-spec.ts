import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { TestServer } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { WebModule } from '../../../src/web/web.module.js';
import { alive } from '../../helpers/alive.js';
import { SpawnedCommand } from '../../helpers/spawn-server.js';
import { until } from '../../helpers/until.js';

/** Addresses that a file of the page refers to, as they stand. */
const references = (text: string, name: string) =>
  [...text.matchAll(name.endsWith('.js') ? /from '([^']+)'/g : /(?:src|href)="([^"#]+)"/g)].map(([, found]) => found!);

describe('the page', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await TestServer.start({ imports: [WebModule] })));
  afterAll(() => server.close());

  it('consists of files of this server, under a strict policy, and uses routes that exist', async () => {
    const paths = new Set(['/']);
    const found: Record<string, string> = {};
    for (const path of paths) {
      const { status, headers, body } = await server.request(path);
      expect([path, status]).toEqual([path, 200]);
      if (path === '/doc') continue;
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      found[path] = headers.get('content-type') ?? '';
      // nothing inline, and nothing that makes text part of the page
      expect(body).not.toMatch(
        /<style|<script(?![^>]* src=)|\son[a-z]+="|\sstyle="|innerHTML|outerHTML|insertAdjacent|eval\(/,
      );
      for (const reference of references(body, path)) paths.add(new URL(reference, `http://x${path}`).pathname);
    }
    expect(found).toEqual({
      '/': 'text/html; charset=utf-8',
      '/web/icon.svg': 'image/svg+xml',
      '/web/page.css': 'text/css; charset=utf-8',
      ...Object.fromEntries(
        ['page', 'asks', 'conversation', 'element', 'log-view', 'message-view'].map((name) => [
          `/web/${name}.js`,
          'text/javascript; charset=utf-8',
        ]),
      ),
    });
    const { body: document } = await server.request('/doc');
    expect(Object.keys(document.paths).filter((path) => path === '/' || path.startsWith('/web'))).toEqual([]);
  });

  it.each(['index.htm', '..%2Fpage-file.ts', 'package.json', 'none.js', '%2e%2e%2fweb.module.js'])(
    'gives no other file: %s',
    async (name) => {
      const { status, body } = await server.request(`/web/${name}`);
      expect([status, body.name]).toEqual([404, 'NotFoundError']);
    },
  );

  it('is there for the command "web" only', async () => {
    await using plain = await TestServer.start();
    for (const path of ['/', '/web/page.js']) {
      const { status, body } = await plain.request(path);
      expect([status, body]).toMatchObject([404, { name: 'NotFoundError' }]);
    }
  });
});

describe('opencode web', () => {
  let home: string;
  beforeAll(async () => {
    home = await makeFolder();
    await mkdir(join(home, 'bin'));
    await writeFile(
      join(home, 'bin/xdg-open'),
      `#!/bin/sh\necho $$ > ${home}/browser\nprintf %s "$1" > ${home}/opened\nexec sleep 60\n`,
    );
    await chmod(join(home, 'bin/xdg-open'), 0o755);
  });
  afterAll(() => removeFolder(home));

  const start = async (args: string[], variables: Record<string, string> = {}) => {
    const command = await SpawnedCommand.start(['web', '--port', 'any', ...args], { home, variables });
    const [, url = ''] = await command.says(/^opencode server listening on (\S+)$/m);
    return { command, url };
  };

  it('says where the page is, opens it, and keeps it behind the password', async () => {
    const PATH = `${home}/bin:${process.env['PATH']}`;
    const { command, url } = await start([], { PATH, OPENCODE_SERVER_PASSWORD: 'sesame' });
    await using _ = command;
    await until(() => command.stderr.includes('Web interface'), 'the address is told');
    expect(command.stderr).toBe(`\nopencode 1.2.6\n\n  Web interface:   ${url}\n\n`);
    await until(
      async () => (await readFile(join(home, 'opened'), 'utf8').catch(() => '')) === url,
      'the browser has the address',
    );
    expect((await fetch(url)).status).toBe(401);
    const headers = { authorization: `Basic ${btoa('opencode:sesame')}` };
    expect(await (await fetch(url, { headers })).text()).toContain('<script type="module" src="web/page.js">');
    // out of the bundle
    expect((await fetch(`${url}/web/page.js`, { headers })).status).toBe(200);
    expect(await command.stop()).toMatchObject({ code: 0 });
    // the browser belongs to the person
    const browser = Number(await readFile(join(home, 'browser'), 'utf8'));
    expect(await alive(browser)).toBe(true);
    process.kill(browser);
  });

  it('lists the addresses of a server that listens everywhere; a missing browser is only a note', async () => {
    const { command, url } = await start(['--hostname', '0.0.0.0'], { PATH: join(home, 'none') });
    await using _ = command;
    await until(() => command.stderr.includes('No browser could be opened here'), 'the note is there');
    const port = new URL(url).port;
    expect(command.stderr).toContain(`  Local access:    http://localhost:${port}\n`);
    const outer = Object.values(networkInterfaces()).flatMap((all = []) => all.filter((each) => !each.internal));
    const listed = [...command.stderr.matchAll(/Network access: +http:\/\/([\d.]+):/g)].map(([, address]) => address);
    expect(outer.map(({ address }) => address)).toEqual(expect.arrayContaining(listed));
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });
});
