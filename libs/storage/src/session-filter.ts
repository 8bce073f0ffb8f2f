/** The form in which titles are searched: any wildcard or quote in it is an ordinary character. */
export function searchable(text: string): string {
  return text.toWellFormed().toLowerCase();
}

/** A limit as both adapters read it: absent = all, never negative, whole. */
export function wholeLimit(limit: number | undefined): number | undefined {
  if (limit === undefined || limit === Infinity) return undefined;
  return Math.max(0, Math.floor(limit) || 0);
}
