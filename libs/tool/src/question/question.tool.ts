import type { QuestionAnswer, QuestionInfo } from '#libs/contract';
import { AgentTool, type AgentToolHandler, Environment, type ToolContext, type ToolResult } from '#libs/extension';
import { QuestionService } from '#libs/permission';
import { QuestionInput, type QuestionItemInput } from './question-input.dto.js';

const DESCRIPTION = `Asks the user, and waits for the answers.

Use it when the work depends on something only the user can decide: what they prefer, which of several ways to take, what an unclear request means. Do not use it for what you can find out yourself, nor to report.
- Put questions that belong together into one call.
- Give two to five distinct choices. Put the one you recommend first and end its label with " (Recommended)".
- The user can always type an answer of their own: add no choice such as "Other".
- Answers come back as lists of labels; a question may stay unanswered.`;

/** Clients that can show questions. */
const CLIENTS: readonly string[] = ['app', 'cli', 'desktop'];

/** Puts questions with choices to the user. */
@AgentTool({ id: 'question', description: DESCRIPTION, input: QuestionInput })
export class QuestionTool implements AgentToolHandler<QuestionInput> {
  constructor(
    private readonly service: QuestionService,
    private readonly environment: Environment,
  ) {}

  /** Whether the client that the server runs for shows questions. */
  isAvailable(): boolean {
    return CLIENTS.includes(this.environment.client);
  }

  async execute(input: QuestionInput, context: ToolContext): Promise<ToolResult> {
    const { instance, sessionID, messageID, callID, signal } = context;
    if (input.questions.length === 0) throw new Error('There is nothing to ask: give at least one question.');
    // never a dialog of its own, but a session may forbid it
    await context.ask({ permission: 'question', patterns: ['*'], always: ['*'], metadata: {} });
    const questions = input.questions.map(toInfo);
    const tool = { messageID, callID };
    const answers = await this.service.ask(instance, { sessionID, questions, tool, signal });
    const pairs = questions.map(({ question }, index) => `"${question}"="${toText(answers[index])}"`);
    return {
      title: `Asked ${questions.length} question${questions.length === 1 ? '' : 's'}`,
      output: `User has answered your questions: ${pairs.join(', ')}. You can now continue with the user's answers in mind.`,
      metadata: { answers },
    };
  }
}

const toInfo = ({ question, header, options, multiple }: QuestionItemInput): QuestionInfo => ({
  question,
  header,
  options: options.map(({ label, description }) => ({ label, description })),
  ...(multiple !== undefined && { multiple }),
});

const toText = (answer: QuestionAnswer = []) => answer.join(', ') || 'Unanswered';
