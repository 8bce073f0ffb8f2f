import { Injectable } from '@nestjs/common';
import { NotFoundError, type QuestionInfo } from '#libs/contract';
import { SessionStore, type ToolContext } from '#libs/extension';
import { QuestionRejectedError, QuestionService } from '#libs/permission';
import { PlanFileService } from './plan-file.service.js';

export interface PlanQuestion {
  /** The permission that the agent needs. */
  permission: string;
  header: string;
  /** What is asked. @param plan path of the plan, as shown to people */
  question: (plan: string) => string;
  yes: string;
  no: string;
}

/** Asks whether the work shall go on in another mode. */
@Injectable()
export class PlanQuestionService {
  constructor(
    private readonly questions: QuestionService,
    private readonly sessions: SessionStore,
    private readonly plans: PlanFileService,
  ) {}

  /** Whether there are plans to be asked about. */
  get enabled(): boolean {
    return this.plans.enabled;
  }

  /** Resolves to the path of the plan, as shown to people. Rejects with a QuestionRejectedError when the answer is no. */
  async ask(context: ToolContext, { permission, header, question, yes, no }: PlanQuestion): Promise<string> {
    const { instance, sessionID, messageID, callID, signal } = context;
    // never a dialog of its own, but an agent may have to stay in its mode
    await context.ask({ permission, patterns: ['*'], always: ['*'], metadata: {} });
    const session = await this.sessions.find(sessionID);
    if (!session) throw new NotFoundError(`Session not found: ${sessionID}`);
    const plan = instance.display(this.plans.path(instance, session));
    const info: QuestionInfo = {
      question: question(plan),
      header,
      custom: false,
      options: [
        { label: 'Yes', description: yes },
        { label: 'No', description: no },
      ],
    };
    const tool = { messageID, callID };
    const [answer] = await this.questions.ask(instance, { sessionID, questions: [info], tool, signal });
    if (answer?.[0] === 'No') throw new QuestionRejectedError();
    return plan;
  }
}
