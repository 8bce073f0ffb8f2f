import { modelFixture } from '../testing/model.fixture.js';
import { routeOf } from './model-route.js';

it.each<[string, Record<string, unknown>, object]>([
  ['openai/gpt-4o', {}, { modelID: 'gpt-4o', api: 'responses' }],
  ['azure/gpt-5', {}, { modelID: 'gpt-5', api: 'responses' }],
  ['azure/gpt-5', { useCompletionUrls: true }, { modelID: 'gpt-5', api: 'chat' }],
  ['azure-cognitive-services/gpt-5', {}, { modelID: 'gpt-5', api: 'responses' }],
  ['github-copilot/gpt-4.1', {}, { modelID: 'gpt-4.1', api: 'chat' }],
  ['github-copilot/gpt-5', {}, { modelID: 'gpt-5', api: 'responses' }],
  ['github-copilot/gpt-5-mini', {}, { modelID: 'gpt-5-mini', api: 'chat' }],
  ['github-copilot-enterprise/gpt-5.2-codex', {}, { modelID: 'gpt-5.2-codex', api: 'responses' }],
  ['github-copilot/claude-sonnet-4.5', {}, { modelID: 'claude-sonnet-4.5', api: 'chat' }],
  ['amazon-bedrock/anthropic.claude-x', {}, { modelID: 'us.anthropic.claude-x' }],
  ['amazon-bedrock/anthropic.claude-x', { region: 'us-gov-west-1' }, { modelID: 'anthropic.claude-x' }],
  ['amazon-bedrock/anthropic.claude-x', { region: 'eu-central-1' }, { modelID: 'eu.anthropic.claude-x' }],
  ['amazon-bedrock/anthropic.claude-x', { region: 'eu-central-2' }, { modelID: 'anthropic.claude-x' }],
  [
    'amazon-bedrock/anthropic.claude-sonnet-4-5',
    { region: 'ap-southeast-2' },
    { modelID: 'au.anthropic.claude-sonnet-4-5' },
  ],
  ['amazon-bedrock/anthropic.claude-x', { region: 'ap-northeast-1' }, { modelID: 'jp.anthropic.claude-x' }],
  ['amazon-bedrock/anthropic.claude-x', { region: 'ap-south-1' }, { modelID: 'apac.anthropic.claude-x' }],
  ['amazon-bedrock/global.anthropic.claude-x', { region: 'eu-west-1' }, { modelID: 'global.anthropic.claude-x' }],
  ['amazon-bedrock/meta.llama4', { region: 'us-east-1' }, { modelID: 'meta.llama4' }],
  ['acme/gpt-5', {}, { modelID: 'gpt-5' }],
])('%s with %j', (name, options, expected) => {
  expect(routeOf(modelFixture(name, 'x'), options)).toEqual(expected);
});
