import { DiscoveryService } from '@nestjs/core';
import type { Type } from '@nestjs/common';

/** @publicApi */
export interface AgentToolOptions {
  /** Name offered to the model: letters, digits, `_` and `-`. Unique among all tools. */
  id: string;
  /** What it does and when to use it, for the model. */
  description: string;
  /** DTO class of the arguments: validated before `execute`, published as JSON Schema. */
  input: Type<object>;
}

/**
 * Marks a provider class as a tool of the agent; the class implements {@link AgentToolHandler}.
 *
 * @example
 * @AgentTool({ id: 'dice', description: 'Rolls a die.', input: DiceInput })
 * export class DiceTool implements AgentToolHandler<DiceInput> {
 *   async execute(input: DiceInput) { return { title: 'Dice', output: String(roll(input.sides)) }; }
 * }
 * @publicApi
 */
export const AgentTool = DiscoveryService.createDecorator<AgentToolOptions>();
