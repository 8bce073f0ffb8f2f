/** What looks like a secret wherever it stands: tokens of a header, keys of a known form. */
const SECRET_TEXT =
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}|\b(?:sk|pk|gh[opsu]|glpat|xox[a-z])[-_][\w-]{8,}|\bAIza[\w-]{30,}/gi;
/** The same inside of addresses: a user with a password, a parameter of a secret name. */
const IN_ADDRESS =
  /(\/\/)[^/@\s:]+:[^/@\s]+(?=@)|([?&](?:api[-_]?key|key|[\w-]*token|[\w-]*secret|password|sig(?:nature)?)=)[^&\s"'#]+/gi;

/** A text without what looks like a secret. */
export function withoutSecretPatterns(text: string): string {
  return text
    .replace(SECRET_TEXT, '[redacted]')
    .replace(
      IN_ADDRESS,
      (_, user: string | undefined, parameter: string | undefined) => `${user ?? parameter}[redacted]`,
    );
}

/** A text from outside as part of a line of log: what looks like a secret is taken out, control characters escaped. */
export function logText(text: string): string {
  return withoutSecretPatterns(text).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escaped);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
