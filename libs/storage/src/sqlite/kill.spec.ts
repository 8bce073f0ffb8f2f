import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStores } from './sqlite-stores.js';

const WRITER = join(import.meta.dirname, '../../test/endless-writer.mjs');

describe('a database whose process is killed', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it('holds everything that was acknowledged, and nothing by halves', async () => {
    const file = join(folder, 'test.db');
    child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', WRITER, file]);
    const acknowledged = await killAfter(child, 300);

    const stores = new SqliteStores(file);
    try {
      const history = await stores.messages.list('ses_a');
      expect(history.length).toBeGreaterThanOrEqual(acknowledged);
      for (let n = 0; n < acknowledged; n++)
        expect(history[n]?.parts).toEqual([expect.objectContaining({ id: `prt_${n}`, text: `final ${n}` })]);
      // the message that was being written: with its part or not at all
      for (const { parts } of history.slice(acknowledged)) expect(parts).toHaveLength(1);
      const [todo] = await stores.todos.list('ses_a');
      expect(Number(todo?.content)).toBeGreaterThanOrEqual(acknowledged - 1);
    } finally {
      stores.close();
    }
  });
});

/** Kills without warning once `count` lines came; resolves to the number of whole lines. */
async function killAfter(child: ChildProcess, count: number): Promise<number> {
  let output = '';
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (lines(output) >= count) child.kill('SIGKILL');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself (${code}): ${errors}`);
  return lines(output);
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}
