import type { FileDiff, MessageWithParts, SessionSummary } from '#libs/contract';

/** Two snapshots, absent where none was taken. */
export interface SnapshotRange {
  from?: string;
  to?: string;
}

/** From before the first step of these messages to after their last. */
export function rangeOf(messages: readonly MessageWithParts[]): SnapshotRange {
  const range: SnapshotRange = {};
  for (const { parts } of messages)
    for (const part of parts) {
      if (part.type === 'step-start' && part.snapshot !== undefined) range.from ??= part.snapshot;
      if (part.type === 'step-finish' && part.snapshot !== undefined) range.to = part.snapshot;
    }
  return range;
}

/**
 * What the turns changed together, from what is kept on their user messages: for a session so old that its snapshots
 * are gone. Lines are counted for each turn anew.
 */
export function joinedDiffs(messages: readonly MessageWithParts[]): FileDiff[] {
  const files = new Map<string, FileDiff>();
  for (const { info } of messages)
    if (info.role === 'user')
      for (const diff of info.summary?.diffs ?? []) {
        const earlier = files.get(diff.file);
        files.set(diff.file, earlier ? joined(earlier, diff) : diff);
      }
  return [...files.values()].sort((a, b) => (a.file < b.file ? -1 : 1)).filter(({ status }) => status !== undefined);
}

function joined(first: FileDiff, last: FileDiff): FileDiff {
  const existed = first.status !== 'added';
  const exists = last.status !== 'deleted';
  const status = existed ? (exists ? 'modified' : 'deleted') : exists ? 'added' : undefined;
  return {
    file: first.file,
    before: first.before,
    after: last.after,
    additions: first.additions + last.additions,
    deletions: first.deletions + last.deletions,
    ...(status && { status }),
  };
}

/** The sums of a diff. */
export function summaryOf(diffs: readonly FileDiff[]): SessionSummary {
  return {
    additions: diffs.reduce((sum, { additions }) => sum + additions, 0),
    deletions: diffs.reduce((sum, { deletions }) => sum + deletions, 0),
    files: diffs.length,
  };
}
