import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { withFileLock } from './file-lock.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Takes the lock and holds it until `free` is called. */
function holder(log: string[], name: string) {
  const held = Promise.withResolvers<undefined>();
  const end = Promise.withResolvers<undefined>();
  const done = withFileLock(path, async () => {
    log.push(`${name} begins`);
    held.resolve(undefined);
    await end.promise;
    log.push(`${name} ends`);
  });
  return {
    held: held.promise,
    free: () => {
      end.resolve(undefined);
      return done;
    },
  };
}

describe('withFileLock', () => {
  it('lets one in after the other, gives back what the work gives, and leaves nothing behind', async () => {
    let inside = 0;
    const turns = Array.from({ length: 8 }, (_, turn) =>
      withFileLock(path, async () => {
        expect(++inside).toBe(1);
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        inside--;
        if (turn === 3) throw new Error('three');
        return turn;
      }).catch((error: Error) => error.message),
    );
    expect(await Promise.all(turns)).toEqual([0, 1, 2, 'three', 4, 5, 6, 7]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not taken from one who holds it for long, nor is the file of the next one taken for it', async () => {
    const log: string[] = [];
    const first = holder(log, 'first');
    await first.held;
    // it sleeps since 1970
    await utimes(path, 1, 1);
    const second = holder(log, 'second');
    // waits with the file of the first one in its hands
    await setTimeout(50);
    await first.free();
    // makes a new file, before the second one looks again
    const third = holder(log, 'third');
    const inside = await Promise.race([second.held.then(() => second), third.held.then(() => third)]);
    // long enough for the other one to look
    await setTimeout(300);
    expect(log.map((line) => line.split(' ')[1])).toEqual(['begins', 'ends', 'begins']);
    await inside.free();
    await (inside === second ? third : second).free();
    expect(log.map((line) => line.split(' ')[1])).toEqual(Array(3).fill(['begins', 'ends']).flat());
  });

  it('can be given up', async () => {
    const first = holder([], 'first');
    await first.held;
    const end = new AbortController();
    const second = withFileLock(path, () => Promise.resolve('never'), end.signal);
    end.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    await first.free();
  });

  it('is free at once when its holder was killed', async () => {
    await writeFile(path, '');
    // several find what it left at the same moment
    const program = `import { DatabaseSync } from 'node:sqlite';
      const lock = new DatabaseSync(process.argv[1]);
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE');
      console.log('held');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      program,
      path,
    ]);
    try {
      await once(child.stdout, 'data');
      const log: string[] = [];
      const work = (name: string) => async () => {
        log.push(name);
        await setImmediate();
        log.push(name);
      };
      const waiting = ['a', 'b', 'c'].map((name) => withFileLock(path, work(name)));
      await setTimeout(50);
      expect(log).toEqual([]);
      child.kill('SIGKILL');
      await Promise.all(waiting);
      expect([log[0], log[2], log[4]]).toEqual([log[1], log[3], log[5]]);
      expect(await readdir(folder)).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
