import { type Provider, withoutSecretPatterns } from '#libs/contract';
import { isSecretName } from '#libs/extension';
import { isPlain, type Options } from '../request/merge-options.js';

const HIDDEN = '***';

/** A provider as it may leave the server: without key, its secret options and headers masked. */
export function redactProvider({ key: _key, ...provider }: Provider): Provider {
  const models = Object.entries(provider.models).map(([id, model]) => {
    const headers = redactOptions(model.headers) as Record<string, string>;
    const api = { ...model.api, url: shownAddress(model.api.url) };
    return [id, { ...model, api, headers, options: redactOptions(model.options) }] as const;
  });
  return { ...provider, options: redactOptions(provider.options), models: Object.fromEntries(models) };
}

/** Options with the values of secret names masked, at any depth; anything that is not JSON is left out. */
export function redactOptions(options: Readonly<Options>): Options {
  const shown = Object.entries(options).filter(([, value]) => typeof value !== 'function');
  return Object.fromEntries(shown.map(([name, value]) => [name, redacted(value, isSecretName(name))]));
}

function redacted(value: unknown, secret: boolean): unknown {
  if (isPlain(value)) return redactOptions(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, secret));
  if (secret && value !== undefined && typeof value !== 'boolean' && typeof value !== 'number') return HIDDEN;
  return typeof value === 'string' ? shownAddress(value) : value;
}

/** A text, which may be an address, without the user and the key in it. */
function shownAddress(text: string): string {
  return withoutSecretPatterns(text.replace(/\/\/[^/@\s]+@/, `//${HIDDEN}@`));
}
