import { mkdir, readFile, symlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { matchWildcard } from '#libs/permission';
import { ToolWorld } from '../tool-world.fixture.js';
import { findShell } from './shell.js';

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Waits until a process of the test has written its id. */
async function pidIn(path: string): Promise<number> {
  for (let turn = 0; turn < 3_000; turn++) {
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid > 0) return pid;
    await sleep(10);
  }
  throw new Error(`nothing wrote ${path}`);
}

async function gone(pid: number): Promise<boolean> {
  for (let turn = 0; turn < 2_000 && isAlive(pid); turn++) await sleep(10);
  return !isAlive(pid);
}

describe('bash', () => {
  let world: ToolWorld;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());
  const bash = (command: string, more: object = {}) =>
    world.run('bash', { command, description: 'what it does', ...more });

  it('gives output, exit code and title, and asks for the command', async () => {
    const result = await bash('echo out; echo err >&2');
    expect(result).toEqual({
      title: 'what it does',
      output: expect.stringMatching(/^(out\nerr\n|err\nout\n)$/),
      metadata: { output: result.output, exit: 0, description: 'what it does', truncated: false },
    });
    expect(world.asks).toEqual([
      {
        ...{ permission: 'bash', patterns: ['echo out', 'echo err >&2'], always: ['echo *'], metadata: {} },
        spellings: { 'echo err >&2': ['echo err'] },
      },
    ]);
  });

  it('completes with a failing exit code, with nothing printed, and with null when killed', async () => {
    expect(await bash('exit 3')).toMatchObject({ output: '', metadata: { exit: 3 } });
    expect(await bash('kill -9 $$')).toMatchObject({ output: '', metadata: { exit: null } });
  });

  it('has no input, the environment of the server and two variables of its own', async () => {
    expect(await bash('cat; echo $OPENCODE $AGENT $HOME')).toMatchObject({ output: `1 1 ${world.root}/home\n` });
  });

  it('reports output while it comes', async () => {
    const call = bash('echo one; until [ -e go ]; do sleep 0.02; done; echo two');
    while (world.updates.length < 2) await sleep(10);
    await world.write('go', '');
    await call;
    const seen = world.updates.map((update) => update.metadata?.['output']);
    expect(seen).toEqual(['', 'one\n', 'one\ntwo\n']);
    expect(world.updates[1]?.metadata).toEqual({ output: 'one\n', description: 'what it does' });
  });

  it('cuts what it shows at 30000 characters, and what the model gets at the common limits', async () => {
    const result = await bash('seq 1 20000');
    expect(result.metadata).toMatchObject({
      truncated: true,
      outputPath: expect.stringContaining('/tool-output/tool_'),
    });
    expect(result.metadata?.['output']).toHaveLength(30_000 + '\n\n...'.length);
    expect(result.output).toContain(
      '\n\n...18001 lines truncated...\n\nThe tool call succeeded but the output was truncated.',
    );
    const saved = await readFile(String(result.metadata?.['outputPath']), 'utf8');
    expect(saved.split('\n')).toHaveLength(20_001);
  });

  it('ends a command and its descendants when its time is over', async () => {
    let pid = 0;
    // a short time may be over before the shell has come so far
    for (let timeout = 200; pid === 0; timeout *= 2) {
      const result = await bash('echo before; (sleep 60 & echo $! > bg.pid; wait)', { timeout });
      pid = Number(await world.read('bg.pid').catch(() => ''));
      if (pid === 0) continue;
      expect(result.output).toBe(
        `before\n\n\n<bash_metadata>\nbash tool terminated command after exceeding timeout ${timeout} ms\n</bash_metadata>`,
      );
      expect(result.metadata).toMatchObject({ exit: null });
    }
    expect(await gone(pid)).toBe(true);
  });

  it('ends a command and its descendants on abort, even those that ignore the polite signal', async () => {
    const control = new AbortController();
    const command = `trap '' TERM; (trap '' TERM; sleep 60 & echo $! > bg.pid; wait) & wait`;
    const call = world.run('bash', { command, description: 'd' }, { signal: control.signal });
    const pid = await pidIn(world.path('bg.pid'));
    control.abort();
    expect((await call).output).toContain('\nUser aborted the command\n');
    expect(await gone(pid)).toBe(true);
  });

  it('refuses a negative time, and takes its default from the environment', async () => {
    expect(await world.fail('bash', { command: 'ls', description: 'd', timeout: -1 })).toBe(
      'Invalid timeout value: -1. Timeout must be a positive number.',
    );
    expect(world.asks).toEqual([]);
    await world.close();
    world = await ToolWorld.create({ variables: { OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS: '150' } });
    expect((await bash('sleep 30')).output).toContain('timeout 150 ms');
    expect(await bash('echo quick', { timeout: 1e12 })).toMatchObject({ output: 'quick\n' });
    expect((await bash('sleep 30', { timeout: 0 })).output).toContain('timeout 0 ms');
  });

  it('runs in the working directory, relative to the project', async () => {
    await mkdir(world.path('sub/deep'), { recursive: true });
    expect(await bash('pwd', { workdir: 'sub' })).toMatchObject({ output: `${world.path('sub')}\n` });
    expect(await world.fail('bash', { command: 'pwd', description: 'd', workdir: 'nope' })).toMatch(
      /^ENOENT: no such file or directory, posix_spawn '\/bin\/bash'\n.*nope does not exist/,
    );
  });

  it.each([
    "x='a[$(touch made)]'; [[ $x -eq 0 ]]",
    "[[ -v 'a[$(touch made)]' ]]",
    "x='$(touch made)'; y=${x@P}",
    "x='a[$(touch made)]'; (( x ))",
    "x='a[$(touch made)]'; y=$(( x ))",
    "x='a[$(touch made)]'; declare -i z=x",
    "x='a[$(touch made)]'; for ((i=x;i<0;i++)); do cd .; done",
    "RANDOM='a[$(touch made)]'",
    "git status; [[ -v 'a[$(touch made)]' ]]",
    "x='$(touch made)'; git status ${x@P}",
    "x='a[$(touch made)]'; git status $(( x ))",
    "x='a[$(touch made)]'; git status || (( x ))",
    "x='a[$(touch made)]'; declare -i z=x; git status",
    "x='a[$(touch made)]'; git status ${!x}",
    "git status; RANDOM='a[$(touch made)]'",
    "git='a[$(touch made)]'; git status <<EOF\n$((git))\nEOF",
    "git status; x=(['a[$(touch made)]']=1)",
    'git status <<EOF; touch made\nEOF',
    'git status <<EOF git; touch made\nEOF',
    'git status ${x:-`touch made`}',
    'git status `# c`; touch made',
    'git status <<EOF\n`touch made`\nEOF',
    'git status `git \\`touch made\\``',
    '{ cd .; } > made',
    '( cd . ) > made',
    'if cd .; then cd .; fi > made',
    '! cd . > made',
    'cd . | cd . > made',
    'cd . && declare > made',
    '> made cd .',
    'git status; { cd .; } > made',
    'git status || ! cd . > made',
    'git status | cd . > made',
    'git () { cd .; } > made; git status',
  ])('runs nothing of %j with leave for git alone', async (command) => {
    world.onAsk = ({ patterns }) => {
      if (!patterns.every((pattern) => matchWildcard(pattern, 'git *'))) throw new Error('denied');
    };
    expect(await world.fail('bash', { command, description: 'd' })).toBe('denied');
    await expect(world.read('made')).rejects.toThrow('ENOENT');
  });

  describe('outside the project', () => {
    beforeEach(async () => {
      await mkdir(`${world.root}/other`);
      await world.write('../other/f.txt', 'secret');
      await world.write('README.md', 'read me');
      await symlink(`${world.root}/other`, world.path('link'));
      await mkdir(`${world.root}/home`);
    });

    it('asks for the directories first, once for all', async () => {
      const { root } = world;
      await bash(`cat ${root}/other/f.txt README.md`);
      expect(world.asks).toEqual([
        { permission: 'external_directory', patterns: [`${root}/other/*`], always: [`${root}/other/*`], metadata: {} },
        { permission: 'bash', patterns: [`cat ${root}/other/f.txt README.md`], always: ['cat *'], metadata: {} },
      ]);
    });

    it.each([
      ['cd ROOT/other', ['other']],
      ['cat "ROOT/other/f.txt"', ['other']],
      ['cat link/f.txt', ['other']],
      ['rm -f ../other/none.txt', ['other']],
      ['mkdir -p ROOT/other/a/b', ['other/a']],
      ['touch ~/x', ['home']],
      ['cat $HOME/x', ['home']],
      ['cp README.md copy.md && cat ./README.md', []],
      ['ls ROOT/other', []],
      ['cat ROOT/other/f.txt && cd ..', ['other', '']],
    ])('%s', async (command, directories) => {
      await bash(command.replaceAll('ROOT', world.root));
      const asked = world.asks.find((ask) => ask.permission === 'external_directory')?.patterns ?? [];
      expect(asked).toEqual(directories.map((name) => `${world.root}/${name}${name && '/'}*`));
    });

    it('asks for a working directory, and runs nothing when refused', async () => {
      world.onAsk = ({ permission }) => {
        if (permission === 'external_directory') throw new Error('no');
      };
      expect(await world.fail('bash', { command: 'touch made', description: 'd', workdir: '../other' })).toBe('no');
      expect(world.asks).toMatchObject([{ patterns: [`${world.root}/other/*`] }]);
      await expect(world.read('../other/made')).rejects.toThrow('ENOENT');
    });
  });
});

describe('findShell', () => {
  it.each([
    [{ SHELL: '/bin/sh' }, '/bin/sh'],
    [{ SHELL: '/usr/bin/fish', PATH: '/bin' }, '/bin/bash'],
    [{ SHELL: '/no/such/zsh', PATH: '/bin' }, '/bin/bash'],
    [{}, '/bin/bash'],
  ])('%j: %s', async (variables, shell) => {
    expect(await findShell(variables)).toBe(shell);
  });
});
