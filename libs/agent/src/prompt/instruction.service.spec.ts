import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigService, ProblemService, RemoteConfig } from '#libs/config';
import { SystemEnvironment } from '#libs/extension';
import { Instance } from '#libs/instance';
import { InstructionService } from './instruction.service.js';

const MEBIBYTE = 1024 * 1024;

describe('instructions', () => {
  let root: string;
  let service: InstructionService;
  let instance: Instance;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'instructions-')));
    await mkdir(join(root, 'repo'));
    const environment = new SystemEnvironment(
      { HOME: join(root, 'home'), OPENCODE_TEST_MANAGED_CONFIG_DIR: join(root, 'managed') },
      root,
    );
    service = new InstructionService(
      environment,
      new ConfigService(environment, new ProblemService(), new RemoteConfig()),
    );
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    instance = new Instance(join(root, 'repo'), { worktree: join(root, 'repo'), project });
  });
  afterEach(() => rm(root, { recursive: true }));
  const put = (name: string, text: string) => writeFile(join(root, 'repo', name), text);
  const load = async () => (await service.load(instance)).map(({ source, content }) => [source, content]);

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
});
