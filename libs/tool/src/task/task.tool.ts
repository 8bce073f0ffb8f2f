import {
  AgentTool,
  type AgentToolHandler,
  type SubagentReport,
  SubagentRunner,
  type SubagentStart,
  type ToolContext,
  type ToolDescriptionContext,
  type ToolResult,
} from '#libs/extension';
import { TaskInput } from './task-input.dto.js';

const DESCRIPTION = `Hands a task to another agent, which works on it alone, in a session of its own, and reports once.

Use it for research with many steps, and for work that can go on beside yours; not for what one or two calls of your own tools would answer.
- The agent sees nothing of this conversation: put everything it needs into the prompt, and say whether to change files or only to report, and what to report.
- Start independent tasks in parallel, in one message.
- The user does not see the report: pass on what matters. Check what it claims before you rely on it.
- To go on with an earlier task, give its task_id.`;

/** Calls subagents. Provided by the module that binds {@link SubagentRunner}. */
@AgentTool({ id: 'task', description: DESCRIPTION, input: TaskInput })
export class TaskTool implements AgentToolHandler<TaskInput> {
  constructor(private readonly subagents: SubagentRunner) {}

  async describe({ instance, agent }: ToolDescriptionContext): Promise<string> {
    const agents = await this.subagents.list(instance, agent);
    const lines = agents.map(
      ({ name, description }) => `- ${name}: ${description ?? 'only when the user asks for it'}`,
    );
    return `${DESCRIPTION}\n\nAgents for subagent_type:\n${lines.join('\n') || '(none)'}`;
  }

  async execute(input: TaskInput, context: ToolContext): Promise<ToolResult> {
    const { description, prompt, subagent_type: agent } = input;
    const metadata = { description, subagent_type: agent };
    await context.ask({ permission: 'task', patterns: [agent], always: ['*'], metadata });
    const { instance, sessionID, messageID, signal } = context;
    const report = await this.subagents.run({
      instance,
      sessionID,
      messageID,
      agent,
      description,
      prompt,
      ...(input.task_id && { taskID: input.task_id }),
      signal,
      onStart: (started) => context.update({ title: description, metadata: linkTo(started) }),
    });
    return { title: description, output: textOf(report), metadata: linkTo(report) };
  }
}

/** How clients find the session of a task. */
const linkTo = ({ sessionID, model }: SubagentStart) => ({ sessionId: sessionID, model });

function textOf({ sessionID, text, problem }: SubagentReport): string {
  return [
    `task_id: ${sessionID} (for resuming to continue this task if needed)`,
    '',
    '<task_result>',
    text,
    '</task_result>',
    ...(problem === undefined ? [] : ['', `The task ended early: ${problem}`]),
  ].join('\n');
}
