/** Title of a session until it has a better one. @param now milliseconds since the epoch */
export function defaultTitle(now: number, child: boolean): string {
  return `${child ? 'Child' : 'New'} session - ${new Date(now).toISOString()}`;
}

export function isDefaultTitle(title: string): boolean {
  return /^(New|Child) session - \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(title);
}
