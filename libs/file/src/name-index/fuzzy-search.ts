import { foldedText, letterMask } from './folded-text.js';
import type { PathSet } from './path-set.js';
import { Shortlist } from './shortlist.js';
import { needleOf, wordCost } from './word-cost.js';

/** Paths that are ranked exactly: at least, and per path wanted. */
const RANKED = 400;
const RANKED_PER_RESULT = 4;

/**
 * The paths that fit a query best, as fuzzysort ranks them: every word has to occur, its letters in order, in any case.
 * To rank every path of a large project takes long, and to prepare it much memory. So a guess, which is cheap and needs
 * little prepared, chooses the ones that are ranked.
 */
export async function fuzzySearch(sets: readonly PathSet[], query: string, limit: number): Promise<string[]> {
  const words = foldedText(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  const needles = words.map(needleOf);
  const letters = words.join('').length;
  const shortlist = new Shortlist(Math.max(RANKED, RANKED_PER_RESULT * limit));
  for (const set of sets)
    set.forEachWith(letterMask(words.join('')), (path, characters, from, to) => {
      // no word costs less than that in a path of this length
      if (!shortlist.takes((to - from - letters) / 2)) return;
      let cost = 0;
      for (const needle of needles) cost += wordCost(needle, characters, from, to);
      if (cost < Infinity) shortlist.offer(path, cost);
    });
  const { default: fuzzysort } = await import('fuzzysort');
  const candidates = shortlist.paths().map((path) => fuzzysort.prepare(path));
  const found = fuzzysort.go(query, candidates, { limit });
  // it remembers every query
  fuzzysort.cleanup();
  return found.map(({ target }) => target);
}
