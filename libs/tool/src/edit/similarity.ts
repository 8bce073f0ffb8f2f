/** Past this length lines are either equal or not: the distance costs length × length. */
const MAX_LENGTH = 500;

/** How alike two texts are: 1 when equal, 0 when nothing is shared. */
export function similarity(a: string, b: string): number {
  if (a === b) return 1;
  const length = Math.max(a.length, b.length);
  return length > MAX_LENGTH ? 0 : 1 - distance(a, b) / length;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Uint16Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = new Uint16Array(b.length + 1);
    next[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const swap = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(swap, at(row, j) + 1, at(next, j - 1) + 1);
    }
    row = next;
  }
  return at(row, b.length);
}

const at = (row: Uint16Array, index: number) => row[index] ?? 0;
