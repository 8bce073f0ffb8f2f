import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { TemporaryProject, TestServer, type EventReader } from '../../../src/testing.js';

const ON = { OPENCODE_EXPERIMENTAL_FILEWATCHER: 'true' };

describe('watched files', () => {
  let server: TestServer;
  let project: TemporaryProject;
  let events: EventReader;
  beforeEach(async () => {
    project = await TemporaryProject.create({
      git: true,
      files: { 'a.txt': '', 'src/b.txt': '', '.gitignore': 'secret.txt\n' },
      config: { watcher: { ignore: ['*.gen.ts', 'private/', 'src/deep/**'] } },
    });
    server = await TestServer.start({ variables: ON });
    events = await server.events({ directory: project.directory });
    // the first look at the files is over when this one is told
    const started = async (): Promise<void> => {
      for (let n = 0; !events.all('file.watcher.updated').length; n++) {
        await project.write('first.txt', String(n));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await started();
  });
  afterEach(async () => {
    await server.close();
    await project.remove();
  });
  /** Waits until this is told of a file. A new one may be told twice: as it comes, and with its text. */
  const told = (name: string, what: string) =>
    events.next(
      ({ type, properties: { file, event } }) =>
        type === 'file.watcher.updated' && file === project.path(name) && event === what,
    );

  it('are told as they come, change and go', async () => {
    await project.write('new.txt', '1');
    await told('new.txt', 'add');
    await project.write('new.txt', '2');
    await told('new.txt', 'change');
    await rename(project.path('new.txt'), project.path('src/moved.txt'));
    await told('new.txt', 'unlink');
    await project.write('x/y/z.txt', '');
    await told('x/y/z.txt', 'add');
    await rm(project.path('x'), { recursive: true });
    await told('x/y/z.txt', 'unlink');
  });

  it('are not those that are ignored', async () => {
    for (const name of ['secret.txt', 'a.log', 'dist/x.js', 'x.gen.ts', 'src/y.gen.ts', 'private/z', 'src/deep/q'])
      await project.write(name, '1');
    await project.write('last.txt', '');
    await told('last.txt', 'add');
    await project.write('end.txt', '');
    await told('end.txt', 'add');
    const files = events.all('file.watcher.updated').map(({ properties }) => properties['file'] as string);
    expect([...new Set(files)].sort()).toEqual(['end.txt', 'first.txt', 'last.txt'].map((name) => project.path(name)));
  });

  it('are watched until the instance ends', async () => {
    await server.request('/instance/dispose', { directory: project.directory, method: 'POST' });
    const global = await server.events();
    await project.write('later.txt', '');
    await mkdir(project.path('more'));
    await server.request('/path', { directory: project.directory });
    expect(global.all('file.watcher.updated')).toEqual([]);
  });
});

it('nothing is watched that nobody asked for, nor after the end of the instance', async () => {
  const before = watches();
  await using project = await TemporaryProject.create({ files: { 'a.txt': '', 'x/y/z.txt': '' } });
  await using server = await TestServer.start();
  const events = await server.events({ directory: project.directory });
  await server.request('/session', { directory: project.directory, json: {} });
  expect(watches()).toBe(before);
  await server.request('/find/file?query=b', { directory: project.directory });
  await project.write('c.txt', '');
  await server.request('/find/file?query=c', { directory: project.directory });
  expect(events.all('file.watcher.updated')).toEqual([]);
  await server.request('/instance/dispose', { directory: project.directory, method: 'POST' });
  expect(watches()).toBe(before);
});

/** Watches of this process, as Linux counts them; elsewhere nothing is counted. */
function watches(): number {
  if (!existsSync('/proc/self/fdinfo')) return 0;
  const lines = readdirSync('/proc/self/fdinfo').flatMap((fd) => textOf(`/proc/self/fdinfo/${fd}`).split('\n'));
  return lines.filter((line) => line.startsWith('inotify ')).length;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the descriptor of the listing itself
  }
}
