import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#libs/extension';
import { exists } from '../existing-path.js';
import { linesOf } from './quoted-path.js';
import type { SnapshotGit } from './snapshot-git.runner.js';
import { dayOf, INDEX_PREFIX, INDEX_REFS, KEPT_REFS } from './snapshot-repository.js';

/** Milliseconds between two clean-ups of one repository, whichever instance or process does them. */
export const CLEAN_UP_INTERVAL = 60 * 60_000;

const DAY = 24 * 60 * 60_000;
const KEEP_DAYS = 7;
/** An index that nobody used for so long is made anew when it is needed again. */
const KEEP_INDEX = 30 * DAY;
const CLEAN_UP_TIME = 10 * 60_000;
/** Its time of change is that of the last clean-up. */
const STAMP = 'opencode-cleaned';

/** Removes snapshots that were last taken more than seven days ago. Does nothing if that was done within the hour. */
export async function cleanUp(
  git: SnapshotGit,
  clock: Clock,
  gitDirectory: string,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now();
  const stamp = join(gitDirectory, STAMP);
  const cleaned = await stat(stamp).catch(() => undefined);
  if (
    !(await exists(join(gitDirectory, 'HEAD'))) ||
    signal.aborted ||
    (cleaned && now - cleaned.mtimeMs < CLEAN_UP_INTERVAL)
  )
    return;
  await writeFile(stamp, '');

  const run = (args: readonly string[], input?: string) =>
    git.run({
      cwd: gitDirectory,
      args,
      timeout: CLEAN_UP_TIME,
      signal,
      repository: { gitDirectory },
      ...(input !== undefined && { input }),
    });
  const oldest = `${KEPT_REFS}/${dayOf(now - KEEP_DAYS * DAY)}/`;
  const kept = linesOf(await run(['for-each-ref', '--format=%(refname)', KEPT_REFS]));
  const expired = kept.filter((ref) => ref < oldest);
  for (const index of await unusedIndexes(gitDirectory, now)) {
    await rm(join(gitDirectory, index), { force: true });
    expired.push(`${INDEX_REFS}/${index.slice(INDEX_PREFIX.length)}`);
  }
  if (expired.length > 0) await run(['update-ref', '--stdin'], expired.map((ref) => `delete ${ref}\n`).join(''));
  await run(['gc', '--quiet', `--prune=${KEEP_DAYS}.days.ago`]);
}

async function unusedIndexes(gitDirectory: string, now: number): Promise<string[]> {
  const names = (await readdir(gitDirectory)).filter((name) => /^index-[0-9a-f]+$/.test(name));
  const unused = await Promise.all(
    names.map(async (name) => {
      const stats = await stat(join(gitDirectory, name)).catch(() => undefined);
      return stats !== undefined && now - stats.mtimeMs > KEEP_INDEX;
    }),
  );
  return names.filter((_, at) => unused[at]);
}
