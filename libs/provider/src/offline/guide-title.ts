const MAX = 50;

/** A short title of a conversation, made from the user's first words. */
export function titleOf(text: string): string {
  const line = text
    .split('\n')
    .map((part) =>
      part
        .replace(/[`*#>_]/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .find((part) => part !== '');
  if (line === undefined) return 'New conversation';
  const title = line.charAt(0).toUpperCase() + line.slice(1);
  if (title.length <= MAX) return title.replace(/[.,;:!?]+$/, '');
  const words = title.slice(0, MAX - 1);
  const space = words.lastIndexOf(' ');
  return `${space > MAX / 2 ? words.slice(0, space) : words}…`;
}
