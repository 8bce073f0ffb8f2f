import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Project } from '#libs/contract';
import { SystemEnvironment } from '#libs/extension';
import { InstanceStore } from '#libs/instance';
import { ToolOutputStore } from './tool-output.store.js';

const DAY = 24 * 60 * 60_000;
/** The id of an output saved at a time, as createId makes it. */
const idAt = (time: number) =>
  `tool_${BigInt.asUintN(48, BigInt(time) * 4096n)
    .toString(16)
    .padStart(12, '0')}abcdefghijklmn`;

describe('ToolOutputStore', () => {
  let root: string;
  let instances: InstanceStore;
  let store: ToolOutputStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'tool-output-'));
    instances = new InstanceStore({ locate: async () => ({ worktree: '/', project: {} as Project }) });
    store = new ToolOutputStore(new SystemEnvironment({ HOME: root, XDG_DATA_HOME: root }, root), instances);
  });
  afterEach(async () => {
    await instances.onModuleDestroy();
    await store.onModuleDestroy();
    await rm(root, { recursive: true, force: true });
  });

  it('saves a text unchanged', async () => {
    const path = await store.save('a\r\nb');
    expect(path).toMatch(new RegExp(`^${root}/opencode/tool-output/tool_[0-9a-f]{12}\\w{14}$`));
    expect(await readFile(path, 'utf8')).toBe('a\r\nb');
  });

  it('forgets what is older than a week by its name, once a directory is used', async () => {
    const directory = join(root, 'opencode/tool-output');
    await mkdir(directory, { recursive: true });
    const [old, young] = [idAt(Date.now() - 7 * DAY - 60_000), idAt(Date.now() - 7 * DAY + 60_000)];
    for (const name of [old, young, 'tool_other', 'notes.txt']) await writeFile(join(directory, name), '');
    for (const name of [young, 'notes.txt']) await utimes(join(directory, name), 1, 1);
    await setImmediate();
    expect(await readdir(directory)).toContain(old);
    await instances.acquire('/proj');
    await store.onModuleDestroy(); // waits for the sweep
    expect((await readdir(directory)).sort()).toEqual([young, 'notes.txt', 'tool_other'].sort());
  });
});
