/** Lines of a file as the read tool takes them, counted from 1. */
export interface LineRange {
  offset?: number;
  limit?: number;
}

/** `?start=S&end=E` of the URL of a file: lines counted from 1, the last one included. Without `end`: to the end. */
export function lineRange(url: URL): LineRange {
  const start = Number(url.searchParams.get('start') ?? Number.NaN);
  const end = Number(url.searchParams.get('end') ?? Number.NaN);
  if (!Number.isInteger(start)) return {};
  const offset = Math.max(start, 1);
  return Number.isInteger(end) && end >= offset ? { offset, limit: end - offset + 1 } : { offset };
}
