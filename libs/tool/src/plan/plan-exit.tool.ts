import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { PlanInput } from './plan-input.dto.js';
import { PlanQuestionService } from './plan-question.service.js';

const DESCRIPTION = `Asks the user whether the plan is to be carried out now.

Call it when the plan file is complete and no question is open. Not before, and not to ask anything else.`;

/** Hands the work to the build agent when the user approves of the plan. */
@AgentTool({ id: 'plan_exit', description: DESCRIPTION, input: PlanInput })
export class PlanExitTool implements AgentToolHandler<PlanInput> {
  constructor(private readonly questions: PlanQuestionService) {}

  isAvailable(): boolean {
    return this.questions.enabled;
  }

  async execute(_input: PlanInput, context: ToolContext): Promise<ToolResult> {
    const plan = await this.questions.ask(context, {
      permission: 'plan_exit',
      header: 'Build Agent',
      question: (file) => `The plan in ${file} is complete. Shall the build agent carry it out?`,
      yes: 'Carry the plan out now',
      no: 'Stay in plan mode and go on with the plan',
    });
    return {
      title: 'Switching to build agent',
      output: 'The user approved of the plan. The build agent goes on with it.',
      handOver: { agent: 'build', text: `I approve of the plan in ${plan}. Carry it out now; files may be changed.` },
    };
  }
}
