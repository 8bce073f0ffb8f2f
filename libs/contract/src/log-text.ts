const SECRET_TEXT = /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}|\bsk-[\w-]{8,}/gi;

/** A text from outside as part of a line of log: what looks like a secret is taken out, control characters escaped. */
export function logText(text: string): string {
  return text.replace(SECRET_TEXT, '[redacted]').replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escaped);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
