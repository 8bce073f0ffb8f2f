/**
 * Whether an Accept header asks for a page rather than for data. Programs accept anything or name JSON; browsers name
 * HTML first. A tie goes to JSON.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (!accept) return false;
  const quality = new Map<string, number>();
  for (const entry of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    quality.set(type, Number.isFinite(q) ? q : 0);
  }
  const html = quality.get('text/html') ?? 0;
  const json = quality.get('application/json') ?? quality.get('application/*') ?? quality.get('*/*') ?? 0;
  return html > json;
}
