import { chmod, readlink, rm, stat, symlink } from 'node:fs/promises';
import type { Config } from '#libs/contract';
import { InstanceStore } from '#libs/instance';
import { ProcessRunner } from '#libs/extension';
import { alive, LspWorld, until } from '../testing/lsp-world.fixture.js';
import { FormatterService } from './formatter.service.js';

type Entry = Exclude<NonNullable<Config['formatter']>, false>[string];

let world: LspWorld;
afterEach(() => world.close());

const service = () => world.module.get(FormatterService);
const forever = new AbortController().signal;
const format = (path: string, signal = forever) => service().format(world.instance, path, signal);

/** A formatter that runs a line of shell, in which `$1` is the file. */
const sh = (line: string, more: Entry = {}): Entry => ({
  command: ['sh', '-c', line, 'sh', '$FILE'],
  extensions: ['.x'],
  ...more,
});
const append = (text: string, more?: Entry) => sh(`printf %s '${text}' >> "$1"`, more);

async function open(formatter: Config['formatter'], variables?: Record<string, string>): Promise<void> {
  world = await LspWorld.create(() => ({ formatter }), variables);
}

/** Waits for a process id that a formatter wrote into a file. */
async function pidIn(name: string): Promise<number> {
  let pid = 0;
  await until(async () => (pid = Number(await world.read(name).catch(() => ''))) > 0, `it wrote ${name}`);
  return pid;
}

const ends = (pid: number) => until(() => !alive(pid), `${pid} has ended`);

describe('formatters', () => {
  it('are listed with what they are for', async () => {
    await open({ mine: append('1'), gofmt: { disabled: true } }, { PATH: '' });
    const list = await service().list(world.instance);
    expect(list.filter(({ enabled }) => enabled)).toEqual([{ name: 'mine', extensions: ['.x'], enabled: true }]);
    expect(list.map(({ name }) => name)).not.toContain('gofmt');
    expect(list).toHaveLength(26);
  });

  it('can be switched off', async () => {
    await open(false);
    expect(await service().list(world.instance)).toEqual([]);
    expect(await format(await world.write('a.ts', ''))).toEqual([]);
  });

  it('run one after the other, in their order, on files of their extension', async () => {
    await open({
      one: sh('sleep 0.1; printf 1 >> "$1"'),
      other: append('y', { extensions: ['.y', '.X'] }),
      two: append('2'),
    });
    expect(await format(await world.write('a.x', 'text'))).toEqual([]);
    expect(await world.read('a.x')).toBe('text12');
    for (const [name, expected] of [
      ['a.y', 'y'],
      ['a.X', 'y'],
      ['a.x.y', 'y'],
      ['a.Y', ''],
      ['x', ''],
      ['.x', ''],
    ] as const) {
      await format(await world.write(name, ''));
      expect([name, await world.read(name)]).toEqual([name, expected]);
    }
  });

  it('get the path in place of the first $FILE of each argument', async () => {
    const args = ['$FILE', '--file=$FILE', '$FILE:$FILE', 'none', '', '$file'];
    const show = 'for arg; do printf "%s\\n" "$arg" >> "$RECORD"; done';
    await open({ show: { command: ['sh', '-c', show, 'sh', ...args], extensions: ['.x'] } });
    for (const name of ['a b.x', 'it\'s "quoted".x', '-rf.x', 'é ✓.x', '$FILE $& $1.x', 'a/-b/c.x']) {
      world.variables['RECORD'] = world.path(`${name}.record`);
      const file = await world.write(name, '');
      expect(await format(file)).toEqual([]);
      const seen = (await world.read(`${name}.record`)).split('\n').slice(0, -1);
      expect(seen).toEqual([file, `--file=${file}`, `${file}:$FILE`, 'none', '', '$file']);
    }
  });

  it('see the environment of the server and their own, and run in the directory', async () => {
    const environment = { OWN: 'mine', SHARED: 'mine' };
    const show = sh('printf "%s %s %s %s" "$OWN" "$SHARED" "$OURS" "$PWD" > "$1"', { environment });
    await open({ show }, { OURS: 'server', SHARED: 'server' });
    await format(await world.write('deep/a.x', ''));
    expect(await world.read('deep/a.x')).toBe(`mine mine server ${world.instance.directory}`);
  });

  it('are programs of the project first', async () => {
    const command = ['mine', '$FILE'];
    await open({
      mine: { command, extensions: ['.x'] },
      path: { command: ['./bin/mine', '$FILE'], extensions: ['.x'] },
    });
    const says = (text: string) => `#!/bin/sh\nprintf ${text} >> "$1"\n`;
    await world.write('bin/mine', says('path'), 0o755);
    world.variables['PATH'] = `${world.path('bin')}:${world.variables['PATH']}`;
    await format(await world.write('a.x', ''));
    await world.write('node_modules/.bin/mine', says('local'), 0o755);
    await format(world.path('a.x'));
    expect(await world.read('a.x')).toBe('pathpathlocalpath');
  });

  it('that fail are told, and the others still run', async () => {
    await open({
      angry: sh('echo out; printf "\\033[31mno\\033[0m" >&2; exit 2'),
      silent: sh('exit 3'),
      killed: sh('printf half > "$1"; kill -9 $$'),
      missing: sh('', { command: ['no-such-formatter', '$FILE'] }),
      broken: sh('', { command: ['./broken', '$FILE'] }),
      loud: sh('i=0; while [ $i -lt 1000 ]; do echo 0123456789; i=$((i+1)); done; exit 1'),
      good: append('1'),
    });
    await world.write('broken', '#!/no/such/interpreter\n', 0o755);
    expect(await format(await world.write('a.x', ''))).toEqual([
      { name: 'angry', error: 'no\nout' },
      { name: 'silent', error: 'it ended with code 3' },
      { name: 'killed', error: 'it was ended by a signal' },
      { name: 'missing', error: 'no-such-formatter was found neither in the project nor in PATH: install it' },
      { name: 'broken', error: expect.stringContaining('ENOENT') },
      { name: 'loud', error: '0123456789\n'.repeat(46).slice(0, 500) },
    ]);
    expect(await world.read('a.x')).toBe('1');
  });

  it('may say what they want', async () => {
    await open({ flood: sh('head -c 100000000 /dev/zero; head -c 1000000 /dev/zero >&2'), good: append('1') });
    expect(await format(await world.write('a.x', ''))).toEqual([]);
    expect(await world.read('a.x')).toBe('1');
  });

  it('are ended after twenty seconds, and left out for five minutes', async () => {
    await open({ slow: sh('printf half > "$1"; echo $$ > pid; sleep 60'), good: append('1') });
    const runner = world.module.get(ProcessRunner);
    const run = runner.run.bind(runner);
    const limits: number[] = [];
    // ends the slow one when its time is up, which is as soon as it waits
    runner.run = async (request) => {
      limits.push(request.timeout);
      if (!request.args.some((arg) => arg.includes('sleep'))) return run(request);
      await rm(world.path('pid'), { force: true });
      const over = new AbortController();
      const running = run({ ...request, signal: over.signal });
      await pidIn('pid');
      over.abort();
      return { ...(await running), reason: 'timeout' };
    };
    const file = await world.write('a.x', '');
    const ended = [{ name: 'slow', error: 'it was ended after 20 seconds' }];
    expect(await format(file)).toEqual(ended);
    await ends(await pidIn('pid'));
    const leftOut = [{ name: 'slow', error: 'it is left out: it took more than 20 seconds before' }];
    expect(await format(file)).toEqual(leftOut);
    expect(limits).toEqual([20_000, 20_000, 20_000]);
    expect(await world.read('a.x')).toBe('11');
    world.clock.ahead = 4 * 60_000;
    expect(await format(file)).toEqual(leftOut);
    world.clock.ahead = 5 * 60_000;
    expect(await format(file)).toEqual(ended);
  });

  it('end when the call is aborted', async () => {
    await open({ slow: sh('printf half > "$1"; echo $$ > pid; sleep 60'), never: append('1') });
    const controller = new AbortController();
    const file = await world.write('a.x', 'text');
    const failure = expect(format(file, controller.signal)).rejects.toThrow('enough');
    const pid = await pidIn('pid');
    controller.abort(new Error('enough'));
    await failure;
    expect(alive(pid)).toBe(false);
    expect(await world.read('a.x')).toBe('text');
    await expect(format(file, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('may leave a daemon, which ends with the instance', async () => {
    await open({ daemon: sh('sleep 60 & echo $! > pid'), good: append('1') });
    expect(await format(await world.write('a.x', ''))).toEqual([]);
    const pid = await pidIn('pid');
    expect(alive(pid)).toBe(true);
    await world.module.get(InstanceStore).dispose(world.instance);
    await ends(pid);
  });

  it.each([
    ['delete it', 'rm "$1"', 'it deleted the file, which was put back'],
    ['empty it', ': > "$1"', 'it emptied the file, whose text was put back'],
    ['put another in its place', 'printf new > tmp; mv tmp "$1"', undefined],
    ['change its permissions', 'chmod 600 "$1"; printf new > "$1"', undefined],
  ])('lose nothing when they %s', async (_, line, error) => {
    await open({ bad: sh(line) });
    const file = await world.write('a.x', 'text');
    await chmod(file, 0o775);
    expect(await format(file)).toEqual(error === undefined ? [] : [{ name: 'bad', error }]);
    expect(await world.read('a.x')).toBe(error === undefined ? 'new' : 'text');
    expect((await stat(file)).mode & 0o777).toBe(0o775);
  });

  it('leave alone what they do not change, blank files and links', async () => {
    await open({
      blank: sh(': > "$1"', { extensions: ['.y'] }),
      idle: sh('true'),
      append: append('1', { extensions: ['.z'] }),
    });
    expect(await format(await world.write('a.y', ' \n'))).toEqual([]);
    expect(await world.read('a.y')).toBe('');
    const file = await world.write('a.x', 'text');
    const { mtimeMs, ino } = await stat(file);
    expect(await format(file)).toEqual([]);
    expect(await stat(file)).toMatchObject({ mtimeMs, ino });
    await symlink('a.x', world.path('link.z'));
    await format(world.path('link.z'));
    expect([await readlink(world.path('link.z')), await world.read('a.x')]).toEqual(['a.x', 'text1']);
  });

  it('tell that a file is not there', async () => {
    await open({ mine: append('1') });
    expect(await format(world.path('a.x'))).toEqual([{ name: 'mine', error: expect.stringContaining('ENOENT') }]);
  });
});
