import type { Model } from '#libs/contract';
import { declaredModel } from '../connected/declared-model.js';

/** A model for a test: `provider/id`, its package, and whatever else matters. */
export function modelFixture(name: string, npm: string, extra: Partial<Model> = {}): Model {
  const [providerID = '', ...id] = name.split('/');
  const model = declaredModel(providerID, { id: id.join('/'), name, limit: { context: 200_000, output: 10_000 } });
  return { ...model, ...extra, api: { ...model.api, npm, ...extra.api }, variants: extra.variants ?? {} };
}

/** Capabilities of a model that reasons and takes images. */
export function reasoning(extra: Partial<Model['capabilities']> = {}): Pick<Model, 'capabilities'> {
  const { capabilities } = declaredModel('x', { id: 'x', name: 'x' });
  return { capabilities: { ...capabilities, reasoning: true, temperature: true, ...extra } };
}
