import { foldedText, letterMask, sevenBits } from './folded-text.js';

/** Set on a character with which a part of the path, or a word in camel case, begins. */
export const START = 0x80;

/**
 * Paths, and beside them what a search needs to pass by most of them quickly: their characters in seven bits and lower
 * case, one after the other, and which letters there are in each.
 */
export class PathSet {
  private paths: string[] = [];
  private characters = new Uint8Array(16 * 1024);
  private ends = new Uint32Array(1024);
  private masks = new Int32Array(1024);

  get size(): number {
    return this.paths.length;
  }

  /** In the order in which they came. */
  get all(): readonly string[] {
    return this.paths;
  }

  /** The caller knows that it is not there yet. */
  add(path: string): void {
    const index = this.paths.length;
    const from = index === 0 ? 0 : (this.ends[index - 1] as number);
    const folded = foldedText(path);
    this.characters = withRoom(this.characters, from + folded.length);
    this.ends = withRoom(this.ends, index + 1);
    this.masks = withRoom(this.masks, index + 1);
    // with accents taken away its characters may stand elsewhere: then there are no words in camel case
    const cased = folded.length === path.length ? path : folded;
    for (let at = 0; at < folded.length; at++)
      this.characters[from + at] = sevenBits(folded.charCodeAt(at)) | (isStart(cased, at) ? START : 0);
    this.paths.push(path);
    this.ends[index] = from + folded.length;
    this.masks[index] = letterMask(folded);
  }

  /** Takes away what fits, and gives it back. */
  remove(fits: (path: string) => boolean): string[] {
    const removed: string[] = [];
    let kept = 0;
    let [from, end] = [0, 0];
    for (let index = 0; index < this.paths.length; index++) {
      const path = this.paths[index] as string;
      const to = this.ends[index] as number;
      if (fits(path)) removed.push(path);
      else {
        this.characters.copyWithin(end, from, to);
        end += to - from;
        this.paths[kept] = path;
        this.ends[kept] = end;
        this.masks[kept++] = this.masks[index] as number;
      }
      from = to;
    }
    this.paths.length = kept;
    return removed;
  }

  /** Those of the given paths that are in the set; a look at every path. */
  among(paths: ReadonlySet<string>): Set<string> {
    return new Set(this.paths.filter((path) => paths.has(path)));
  }

  /** Calls back with every path that has all letters of a mask, and where its characters are. */
  forEachWith(mask: number, visit: (path: string, characters: Uint8Array, from: number, to: number) => void): void {
    const { paths, characters, ends, masks } = this;
    for (let index = 0; index < paths.length; index++) {
      if (((masks[index] as number) & mask) !== mask) continue;
      visit(paths[index] as string, characters, index === 0 ? 0 : (ends[index - 1] as number), ends[index] as number);
    }
  }
}

function withRoom<T extends Uint8Array | Uint32Array | Int32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}

function isStart(path: string, at: number): boolean {
  if (at === 0) return true;
  const here = path.charCodeAt(at);
  const before = path.charCodeAt(at - 1);
  if (!isWord(before) || !isWord(here)) return true;
  return isUpper(here) && !isUpper(before);
}

const isUpper = (code: number) => code >= 65 && code <= 90;
const isWord = (code: number) => (code >= 97 && code <= 122) || isUpper(code) || (code >= 48 && code <= 57);
