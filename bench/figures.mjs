/**
 * One figure of one run of a scenario; for all of them less is better.
 * @param {string} title
 * @param {'ms' | 'µs' | 'MiB'} unit
 * @param {number | undefined} value undefined where the machine cannot tell
 */
export const figure = (title, unit, value) => ({ title, unit, value });

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/** @param {readonly number[]} values */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at % 1);
}

/** Joins the samples of all rounds: per figure and server median and minimum, and the ratio this / reference. */
export function summarise(samples) {
  const rows = new Map();
  for (const { scenario, server, figures } of samples)
    for (const { title, unit, value } of figures) {
      if (value === undefined || Number.isNaN(value)) continue;
      const key = `${scenario} ${title}`;
      if (!rows.has(key)) rows.set(key, { scenario, title, unit, values: {} });
      (rows.get(key).values[server] ??= []).push(value);
    }
  return [...rows.values()].map(({ values, ...row }) => {
    const servers = Object.fromEntries(
      Object.entries(values).map(([server, list]) => [server, { median: median(list), min: Math.min(...list) }]),
    );
    const { this: ours, reference } = servers;
    if (!ours || !reference) return { ...row, servers };
    return {
      ...row,
      servers,
      ratio: { median: ours.median / reference.median, min: ours.min / reference.min },
    };
  });
}

/** @param {ReturnType<typeof summarise>} summary */
export function markdownTable(summary) {
  const head = [
    '| scenario | figure | unit | this: median | min | reference: median | min | ratio: median | min |',
    '|---|---|---|--:|--:|--:|--:|--:|--:|',
  ];
  const rows = summary.map(({ scenario, title, unit, servers, ratio }) => {
    const cells = [servers.this, servers.reference].flatMap((server) => [
      rounded(server?.median),
      rounded(server?.min),
    ]);
    const ratios = [rounded(ratio?.median, 2), rounded(ratio?.min, 2)];
    return `| ${[scenario, title, unit, ...cells, ...ratios].join(' | ')} |`;
  });
  return [...head, ...rows].join('\n');
}

function rounded(value, digits = value < 10 ? 2 : value < 100 ? 1 : 0) {
  return value === undefined ? '' : value.toFixed(digits);
}
