const ASCII = /^[\x20-\x7e]*$/;

/** Lower case and, for Latin letters, without accents: what fuzzysort compares. */
export function foldedText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .replace(/\p{Script=Latin}+/gu, (letters) => letters.normalize('NFD'))
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}

/** A character of a folded text in seven bits; what is not ASCII may look like something else, and is found too often. */
export const sevenBits = (code: number): number => code & 0x7f;

/** One bit for each letter in a folded text, and one for digits. */
export function letterMask(folded: string): number {
  let mask = 0;
  for (let at = 0; at < folded.length; at++) {
    const code = sevenBits(folded.charCodeAt(at));
    if (code >= 97 && code <= 122) mask |= 1 << (code - 97);
    else if (code >= 48 && code <= 57) mask |= 1 << 26;
  }
  return mask;
}
