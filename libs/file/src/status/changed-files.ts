import type { FileStatus } from '#libs/contract';

/** `:100644 000000 1234567 0000000 D`; the path follows. */
const RAW = /^:\d+ \d+ [0-9a-f]+ [0-9a-f]+ ([A-Z])/;
/** `3<tab>1<tab>path`, with `-` for binary files. */
const COUNTS = /^(\d+|-)\t(\d+|-)\t(.+)$/s;

/** Reads the output of `git diff --raw --numstat -z --no-renames`. */
export function changedFiles(output: string): FileStatus[] {
  const files = new Map<string, FileStatus>();
  const records = output.split('\0');
  for (let at = 0; at < records.length; at++) {
    const record = records[at] ?? '';
    const letter = RAW.exec(record)?.[1];
    if (letter !== undefined) {
      const path = records[++at] ?? '';
      files.set(path, { path, added: 0, removed: 0, status: statusOf(letter) });
      continue;
    }
    const [, added, removed, path] = COUNTS.exec(record) ?? [];
    const file = path === undefined ? undefined : files.get(path);
    if (file) Object.assign(file, { added: Number(added) || 0, removed: Number(removed) || 0 });
  }
  return [...files.values()];
}

function statusOf(letter: string): FileStatus['status'] {
  return letter === 'A' ? 'added' : letter === 'D' ? 'deleted' : 'modified';
}
