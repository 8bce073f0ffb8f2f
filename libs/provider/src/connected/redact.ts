import type { Provider } from '#libs/contract';
import { isPlain, type Options } from '../request/merge-options.js';

const SECRET = /api[-_]?key|secret|token(?!s)|password|passwd|credential|authorization|cookie|private[-_]?key|^key$/i;
const HIDDEN = '***';

/** A provider as it may leave the server: without key, its secret options and headers masked. */
export function redactProvider({ key: _key, ...provider }: Provider): Provider {
  const models = Object.entries(provider.models).map(([id, model]) => {
    const headers = redactOptions(model.headers) as Record<string, string>;
    return [id, { ...model, headers, options: redactOptions(model.options) }] as const;
  });
  return { ...provider, options: redactOptions(provider.options), models: Object.fromEntries(models) };
}

/** Options with the values of secret names masked, at any depth; anything that is not JSON is left out. */
export function redactOptions(options: Readonly<Options>): Options {
  const result: Options = {};
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'function') continue;
    if (isPlain(value)) result[name] = redactOptions(value);
    else if (SECRET.test(name) && value !== undefined && typeof value !== 'boolean' && typeof value !== 'number')
      result[name] = HIDDEN;
    else result[name] = typeof value === 'string' ? value.replace(/\/\/[^/@\s]+@/, `//${HIDDEN}@`) : value;
  }
  return result;
}
