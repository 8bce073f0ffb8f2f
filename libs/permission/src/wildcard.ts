/**
 * Whether the whole text fits the pattern: `*` stands for any text (slashes and line ends included), `?` for one
 * character, everything else for itself. A pattern that ends in ` *` also fits without that ending, so that `git *`
 * covers plain `git`. Runs in O(text × pattern): patterns come from users and models.
 */
export function matchWildcard(text: string, pattern: string): boolean {
  return fits(text, pattern) || (pattern.endsWith(' *') && fits(text, pattern.slice(0, -2)));
}

function fits(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  // where the last `*` stands, and the first character it does not swallow yet
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      resume = at;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}
