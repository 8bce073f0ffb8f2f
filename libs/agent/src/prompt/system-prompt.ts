import type { Instruction } from '#libs/config';
import type { Model } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { basePrompt } from './base-prompt.js';

export interface SystemPromptInput {
  instance: Instance;
  model: Model;
  /** Prompt of the agent; takes the place of the base prompt. */
  agentPrompt?: string;
  instructions: readonly Instruction[];
  /** `system` of the user message. */
  extra?: string;
  /** Milliseconds since the epoch. */
  now: number;
  platform: string;
}

/** The one system message of a request. */
export function systemPrompt(input: SystemPromptInput): string {
  return [
    input.agentPrompt || basePrompt(input.model.api.id),
    environment(input),
    ...input.instructions.map(({ source, content }) => `Instructions from: ${source}\n${content}`),
    input.extra,
  ]
    .filter((segment) => segment)
    .join('\n');
}

function environment({ instance, model, now, platform }: SystemPromptInput): string {
  return [
    `You are powered by the model ${model.name} (${model.providerID}/${model.id}).`,
    '<env>',
    `  Working directory: ${instance.directory}`,
    `  Git repository: ${instance.project.vcs === 'git' ? 'yes' : 'no'}`,
    `  Platform: ${platform}`,
    `  Date: ${new Date(now).toDateString()}`,
    '</env>',
  ].join('\n');
}
