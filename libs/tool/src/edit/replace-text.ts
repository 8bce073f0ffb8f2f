import { MATCH_STRATEGIES } from './match-strategies.js';
import { SourceText } from './source-text.js';

const NOT_FOUND =
  'Could not find oldString in the file. It must match exactly, including whitespace, indentation, and line endings.';
const AMBIGUOUS = 'Found multiple matches for oldString. Provide more surrounding context to make the match unique.';

/**
 * Replaces what a model quoted from a text, also when it quoted loosely. Without `replaceAll` the piece found must be
 * the only one of its kind. The replacement is literal.
 */
export function replaceText(text: string, wanted: string, replacement: string, replaceAll = false): string {
  const source = new SourceText(text);
  const tried = new Set<string>(['']);
  let found = false;
  for (const strategy of MATCH_STRATEGIES) {
    for (const candidate of strategy(source, wanted)) {
      if (tried.has(candidate)) continue;
      tried.add(candidate);
      const at = text.indexOf(candidate);
      if (at < 0) continue;
      found = true;
      if (replaceAll) return text.replaceAll(candidate, () => replacement);
      if (text.lastIndexOf(candidate) === at)
        return text.slice(0, at) + replacement + text.slice(at + candidate.length);
    }
  }
  throw new Error(found ? AMBIGUOUS : NOT_FOUND);
}
