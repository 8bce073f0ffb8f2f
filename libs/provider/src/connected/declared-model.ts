import type { Model } from '#libs/contract';
import type { ModelDeclaration } from '#libs/extension';
import { variantsOf } from '../request/variants.js';
import { mediaOf } from '../catalogue/catalogue-model.js';

/** What a provider class declares, completed: unless it says otherwise a model chats in text and calls tools. */
export function declaredModel(providerID: string, declaration: ModelDeclaration): Model {
  const { capabilities, ...rest } = declaration;
  const model: Model = {
    api: { id: declaration.id, url: '', npm: '' },
    status: 'active',
    headers: {},
    options: {},
    cost: { input: 0, output: 0, cache: { read: 0, write: 0 } },
    limit: { context: 0, output: 0 },
    release_date: '',
    ...rest,
    providerID,
    capabilities: {
      temperature: false,
      reasoning: false,
      attachment: false,
      toolcall: true,
      input: mediaOf(['text']),
      output: mediaOf(['text']),
      interleaved: false,
      ...capabilities,
    },
  };
  return { ...model, variants: model.variants ?? variantsOf(model) };
}
