import { sevenBits } from './folded-text.js';
import { START } from './path-set.js';

/** Added for a word that stands somewhere in a part of the path, not at its beginning. */
const INSIDE = 10_000;
/** Added for a word in pieces some of which stand nowhere in particular. */
const SCATTERED = 100_000;

/** A word to look for, in seven bits. */
export function needleOf(folded: string): Uint8Array {
  return Uint8Array.from(folded, (letter) => sevenBits(letter.charCodeAt(0)));
}

/**
 * What a word costs in a path, roughly as fuzzysort sees it: late ones, pieces and long paths cost more. Infinity when
 * its letters are not there in their order. It looks at every character once or twice and makes no objects: it is asked
 * of every path of a project.
 */
export function wordCost(needle: Uint8Array, characters: Uint8Array, from: number, to: number): number {
  const rest = (to - from - needle.length) / 2;
  const { whole, atStart } = wholeWord(needle, characters, from, to);
  const square = 1 + needle.length * needle.length;
  if (atStart) {
    const weight = needle.length === 1 ? 1 : square * square;
    return (0.2 * whole * whole + rest) / weight + rest;
  }
  const strict = needle.length === 1 ? Infinity : inPieces(needle, characters, from, to) + 2 * rest;
  if (whole < 0) return strict < Infinity ? strict : scattered(needle, characters, from, to) + 2 * rest;
  return Math.min(strict, INSIDE + 0.2 * whole * whole + 2 * rest);
}

const found = { whole: -1, atStart: false };

/** Where the whole word stands, at the beginning of a part if there is such a place. The result is used once. */
function wholeWord(needle: Uint8Array, characters: Uint8Array, from: number, to: number): typeof found {
  found.whole = -1;
  found.atStart = false;
  const first = needle[0] as number;
  const last = to - needle.length;
  for (let at = from; at <= last; at++) {
    const character = characters[at] as number;
    if ((character & 0x7f) !== first) continue;
    const atStart = (character & START) !== 0;
    if (!atStart && found.whole >= 0) continue;
    let letter = 1;
    while (letter < needle.length && ((characters[at + letter] as number) & 0x7f) === needle[letter]) letter++;
    if (letter < needle.length) continue;
    found.whole = at - from;
    found.atStart = atStart;
    if (atStart) break;
  }
  return found;
}

/** Pieces each of which stands at the beginning of a part. */
function inPieces(needle: Uint8Array, characters: Uint8Array, from: number, to: number): number {
  let cost = 0;
  let pieces = 0;
  let first = -1;
  let at = from;
  for (let letter = 0; letter < needle.length; letter++) {
    const wanted = needle[letter] as number;
    if (letter === 0 || at >= to || ((characters[at] as number) & 0x7f) !== wanted) {
      while (at < to && characters[at] !== (wanted | START)) at++;
      if (at >= to) return Infinity;
      if (letter > 0) {
        cost += at - from;
        pieces++;
      }
    }
    if (first < 0) first = at - from;
    at++;
  }
  const apart = at - from - first - needle.length;
  return cost + (12 + apart) * pieces + 0.2 * first * first;
}

/** The letters in their order, wherever they stand. */
function scattered(needle: Uint8Array, characters: Uint8Array, from: number, to: number): number {
  let letter = 0;
  for (let at = from; at < to; at++) {
    if (((characters[at] as number) & 0x7f) !== needle[letter]) continue;
    if (++letter === needle.length) return SCATTERED + at - from;
  }
  return Infinity;
}
