import type { ModelRef } from '#libs/contract';

/** `provider/model` as two ids; a model id may itself contain slashes. */
export function parseModelName(name: string): ModelRef {
  const slash = name.indexOf('/');
  return slash < 0
    ? { providerID: name, modelID: '' }
    : { providerID: name.slice(0, slash), modelID: name.slice(slash + 1) };
}
