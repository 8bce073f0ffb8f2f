import type { Model } from '#libs/contract';
import type { Options } from '../request/merge-options.js';
import type { ModelRequest } from './ai-sdk-adapter.js';

export interface ModelRoute extends ModelRequest {
  /** The id to ask the package for. */
  modelID: string;
}

/** Which model to ask a package for, and over which of its APIs, where that is not a matter of course. */
export function routeOf(model: Model, options: Readonly<Options>): ModelRoute {
  const { providerID, api } = model;
  const modelID = api.id;
  if (providerID === 'openai') return { modelID, api: 'responses' };
  if (providerID === 'azure' || providerID === 'azure-cognitive-services')
    return { modelID, api: options['useCompletionUrls'] ? 'chat' : 'responses' };
  if (providerID.startsWith('github-copilot')) return { modelID, api: knowsResponses(modelID) ? 'responses' : 'chat' };
  if (providerID === 'amazon-bedrock' && !api.npm.endsWith('/mantle'))
    return { modelID: withRegion(modelID, options['region']) };
  return { modelID };
}

/** At Copilot: GPT 5 and what followed, but for the small one. */
function knowsResponses(modelID: string): boolean {
  const generation = Number(/^gpt-(\d+)/.exec(modelID)?.[1] ?? 0);
  return generation >= 5 && !modelID.startsWith('gpt-5-mini');
}

interface Area {
  prefix: string;
  regions: RegExp;
  models: RegExp;
}

/** Where Bedrock has models only as profiles of an area; the first line that fits counts. */
const AREAS: readonly Area[] = [
  { prefix: 'us.', regions: /^us-(?!gov)/, models: /nova-(micro|lite|pro|premier|2)|claude|deepseek/ },
  {
    prefix: 'eu.',
    regions: /^eu-(west-[123]|north-1|central-1|south-[12])$/,
    models: /claude|nova-(lite|micro)|llama3|pixtral/,
  },
  { prefix: 'au.', regions: /^ap-southeast-[24]$/, models: /claude-(sonnet-4-5|haiku)/ },
  { prefix: 'jp.', regions: /^ap-northeast-1$/, models: /claude|nova-(lite|micro|pro)/ },
  { prefix: 'apac.', regions: /^ap-/, models: /claude|nova-(lite|micro|pro)/ },
];

function withRegion(modelID: string, region: unknown): string {
  const place = typeof region === 'string' ? region : 'us-east-1';
  if (/^(global|us|eu|apac|jp|au)\./.test(modelID)) return modelID;
  const area = AREAS.find(({ regions, models }) => regions.test(place) && models.test(modelID));
  return `${area?.prefix ?? ''}${modelID}`;
}
