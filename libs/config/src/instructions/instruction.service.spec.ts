import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SystemEnvironment } from '#libs/extension';
import { Instance } from '#libs/instance';
import { ConfigService } from '../config.service.js';
import { ProblemService } from '../problem.service.js';
import { RemoteConfig } from '../remote/remote-config.service.js';
import { InstructionService } from './instruction.service.js';

const MEBIBYTE = 1024 * 1024;

describe('instructions', () => {
  let root: string;
  let instance: Instance;
  let variables: Record<string, string>;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'instructions-')));
    await mkdir(join(root, 'repo', 'sub', 'deep'), { recursive: true });
    variables = { HOME: join(root, 'home'), OPENCODE_TEST_MANAGED_CONFIG_DIR: join(root, 'managed') };
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    instance = new Instance(join(root, 'repo'), { worktree: join(root, 'repo'), project });
  });
  afterEach(() => rm(root, { recursive: true }));
  /** With the variables as they are now. */
  const service = () => {
    const environment = new SystemEnvironment(variables, root);
    return new InstructionService(
      environment,
      new ConfigService(environment, new ProblemService(), new RemoteConfig()),
    );
  };
  const put = (name: string, text: string) => writeFile(join(root, 'repo', name), text);
  const load = async () => (await service().load(instance)).map(({ source, content }) => [source, content]);

  it('come from the first kind of file that is there', async () => {
    await put('AGENTS.md', 'first');
    await put('CLAUDE.md', 'second');
    expect(await load()).toEqual([[join(root, 'repo/AGENTS.md'), 'first']]);
  });

  it('are not waited for at a pipe', async () => {
    execFileSync('mkfifo', [join(root, 'repo/AGENTS.md'), join(root, 'repo/more.md')]);
    await put('CLAUDE.md', 'second');
    await put('opencode.json', '{"instructions":["more.md"]}');
    expect(await load()).toEqual([[join(root, 'repo/CLAUDE.md'), 'second']]);
  });

  it('are left out when they are larger than a mebibyte', async () => {
    await put('AGENTS.md', 'x'.repeat(MEBIBYTE));
    expect(await load()).toHaveLength(1);
    await put('AGENTS.md', 'x'.repeat(MEBIBYTE + 1));
    expect(await load()).toEqual([]);
  });

  it('are all those of one name on the way up, the nearest first, then those of the user, then those named', async () => {
    const place = async (path: string, text = path) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
      return join(root, path);
    };
    const inner = new Instance(join(root, 'repo/sub/deep'), {
      worktree: join(root, 'repo'),
      project: instance.project,
    });
    const files = [
      await place('repo/sub/CLAUDE.md'),
      await place('repo/CLAUDE.md'),
      await place('home/.claude/CLAUDE.md'),
      await place('repo/sub/rules/.more/b.md'),
      await place('repo/sub/rules/a.md'),
      await place('home/mine.md'),
      await place('elsewhere/x.txt'),
    ];
    await place('repo/sub/deep/CONTEXT.md');
    await place('AGENTS.md');
    await place('repo/sub/rules/node_modules/no.md');
    await place(
      'repo/sub/deep/opencode.json',
      JSON.stringify({
        instructions: ['rules/**/*.md', '~/mine.md', join(root, 'elsewhere/*.txt'), 'gone.md', 'CLAUDE.md'],
      }),
    );
    expect((await service().load(inner)).map(({ source }) => source)).toEqual(files);
    variables['OPENCODE_CONFIG_DIR'] = join(root, 'custom');
    const custom = [await place('custom/AGENTS.md'), await place('custom/rules/c.md')];
    variables['OPENCODE_DISABLE_PROJECT_CONFIG'] = '1';
    await place('custom/opencode.json', '{"instructions":["rules/*.md"]}');
    const other = new Instance(inner.directory, inner);
    expect((await service().load(other)).map(({ source }) => source)).toEqual(custom);
  });

  it('of another agent stay out when told so', async () => {
    await mkdir(join(root, 'home/.claude'), { recursive: true });
    await writeFile(join(root, 'home/.claude/CLAUDE.md'), 'x');
    expect(await load()).toHaveLength(1);
    for (const name of ['OPENCODE_DISABLE_CLAUDE_CODE', 'OPENCODE_DISABLE_CLAUDE_CODE_PROMPT']) {
      variables[name] = 'true';
      expect(await load()).toEqual([]);
      delete variables[name];
    }
  });
});
