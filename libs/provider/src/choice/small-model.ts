import type { Model, Provider } from '#libs/contract';

const SMALL = [
  'claude-haiku-4-5',
  'claude-haiku-4.5',
  '3-5-haiku',
  '3.5-haiku',
  'gemini-3-flash',
  'gemini-2.5-flash',
  'gpt-5-nano',
];
const REGIONS = ['us.', 'eu.', 'apac.', 'jp.', 'au.'];

/** The model of a provider for short calls beside a run, if it has one that is known to be small. */
export function smallModelOf(provider: Provider, region?: string): Model | undefined {
  const models = Object.values(provider.models);
  for (const part of wanted(provider.id)) {
    const matching = models.filter(({ id }) => id.includes(part));
    const found = provider.id === 'amazon-bedrock' ? regional(matching, region) : matching[0];
    if (found) return found;
  }
  return undefined;
}

function wanted(providerID: string): readonly string[] {
  if (providerID.startsWith('opencode')) return ['gpt-5-nano'];
  if (providerID.startsWith('github-copilot'))
    return ['gpt-5-mini', ...SMALL.filter((id) => id.includes('haiku')), ...SMALL];
  return SMALL;
}

/** Of the same model in several places: the global one, that of the own region, the one without a place. */
function regional(models: readonly Model[], region = ''): Model | undefined {
  const prefix = REGIONS.find((name) => region.startsWith(name.slice(0, 2)));
  return (
    models.find(({ id }) => id.startsWith('global.')) ??
    models.find(({ id }) => prefix !== undefined && id.startsWith(prefix)) ??
    models.find(({ id }) => !REGIONS.some((name) => id.startsWith(name)))
  );
}
