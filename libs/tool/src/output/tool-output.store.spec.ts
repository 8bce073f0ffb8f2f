import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemEnvironment } from '#libs/extension';
import { ToolOutputStore } from './tool-output.store.js';

const DAY = 24 * 60 * 60_000;
/** The id of an output saved at a time, as createId makes it. */
const idAt = (time: number) =>
  `tool_${BigInt.asUintN(48, BigInt(time) * 4096n)
    .toString(16)
    .padStart(12, '0')}abcdefghijklmn`;

describe('ToolOutputStore', () => {
  let root: string;
  let store: ToolOutputStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'tool-output-'));
    store = new ToolOutputStore(new SystemEnvironment({ HOME: root, XDG_DATA_HOME: root }, root));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('saves a text unchanged', async () => {
    const path = await store.save('a\r\nb');
    expect(path).toMatch(new RegExp(`^${root}/opencode/tool-output/tool_[0-9a-f]{12}\\w{14}$`));
    expect(await readFile(path, 'utf8')).toBe('a\r\nb');
  });

  it('forgets what is older than a week by its name', async () => {
    await store.sweep(); // nothing there yet
    const directory = join(root, 'opencode/tool-output');
    await mkdir(directory, { recursive: true });
    const [old, young] = [idAt(Date.now() - 7 * DAY - 60_000), idAt(Date.now() - 7 * DAY + 60_000)];
    for (const name of [old, young, 'tool_other', 'notes.txt']) await writeFile(join(directory, name), '');
    for (const name of [young, 'notes.txt']) await utimes(join(directory, name), 1, 1);
    await store.sweep();
    expect((await readdir(directory)).sort()).toEqual([young, 'notes.txt', 'tool_other'].sort());
  });
});
