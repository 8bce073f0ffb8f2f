import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SystemEnvironment } from '../environment/system-environment.adapter.js';
import { NodeProcessRunner } from '../process/node-process-runner.adapter.js';
import { Browser } from './browser.service.js';

describe('Browser', () => {
  let folder: string;
  let browser: Browser;
  const program = platform() === 'darwin' ? 'open' : 'xdg-open';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'browser-'));
    const path = join(folder, program);
    await writeFile(path, `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > '${folder}/opened'\n`);
    await chmod(path, 0o755);
    const PATH = [folder, process.env['PATH']].join(delimiter);
    browser = new Browser(new NodeProcessRunner(), new SystemEnvironment({ PATH, HOME: folder }, folder));
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const opened = () => readFile(join(folder, 'opened'), 'utf8').catch(() => undefined);

  it('opens a page, whatever a shell would make of its address', async () => {
    const url = `https://example.com/login?a=1&b=$(touch ${folder}/ran)\`id\`;'"|%20#x y`;
    expect(await browser.open(url)).toBe(true);
    // it is not waited for without end
    while (!(await opened())) await delay(10);
    expect(await opened()).toBe(`1\n${url}\n`);
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'vscode://settings',
    '--help',
    '/bin/sh',
    'data:text/html,x',
    '',
  ])('opens nothing else: %s', async (address) => {
    expect([await browser.open(address), await opened()]).toEqual([false, undefined]);
  });

  it('says that there is none', async () => {
    const none = new Browser(new NodeProcessRunner(), new SystemEnvironment({ PATH: folder, HOME: folder }, folder));
    await rm(join(folder, program));
    expect(await none.open('https://example.com')).toBe(false);
  });
});
