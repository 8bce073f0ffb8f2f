import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { PlanInput } from './plan-input.dto.js';
import { PlanQuestionService } from './plan-question.service.js';

const DESCRIPTION = `Asks the user whether the plan agent shall look into the task first and write a plan before anything is changed.

Use it before work that is large or hard to undo, that touches many parts, or that can be done in several ways which the user should choose from. Not for small or clear tasks, nor for questions.`;

/** Hands the work to the plan agent when the user agrees. */
@AgentTool({ id: 'plan_enter', description: DESCRIPTION, input: PlanInput })
export class PlanEnterTool implements AgentToolHandler<PlanInput> {
  constructor(private readonly questions: PlanQuestionService) {}

  isAvailable(): boolean {
    return this.questions.enabled;
  }

  async execute(_input: PlanInput, context: ToolContext): Promise<ToolResult> {
    const plan = await this.questions.ask(context, {
      permission: 'plan_enter',
      header: 'Plan Mode',
      question: (file) => `Shall the plan agent look into this first and write a plan to ${file}?`,
      yes: 'Plan first; nothing else is changed meanwhile',
      no: 'Go on without a plan',
    });
    return {
      title: 'Switching to plan agent',
      output: `The user agreed to plan first. The plan agent goes on; its plan will be in ${plan}.`,
      handOver: { agent: 'plan', text: 'I agreed to plan first. Begin with the plan.' },
    };
  }
}
