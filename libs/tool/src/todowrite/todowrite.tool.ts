import { EventBus } from '#libs/event';
import { AgentTool, type AgentToolHandler, TodoStore, type ToolContext, type ToolResult } from '#libs/extension';
import { TodoWriteInput } from './todowrite-input.dto.js';

const DESCRIPTION = `Keeps the todo list of this session, which the user sees.

Use it for work of three or more steps, or when the user gives several tasks; not for a single simple step or a question.
- Each call replaces the whole list: repeat the entries that stay.
- Have one entry in_progress at a time; mark it completed as soon as it is done, not in batches.
- Mark an entry completed only when it really is; for what blocks it add an entry. Use cancelled for what is no longer needed.`;

/** Replaces the todo list of the session. */
@AgentTool({ id: 'todowrite', description: DESCRIPTION, input: TodoWriteInput })
export class TodoWriteTool implements AgentToolHandler<TodoWriteInput> {
  constructor(
    private readonly store: TodoStore,
    private readonly events: EventBus,
  ) {}

  async execute({ todos: list }: TodoWriteInput, context: ToolContext): Promise<ToolResult> {
    const { instance, sessionID } = context;
    await context.ask({ permission: 'todowrite', patterns: ['*'], always: ['*'], metadata: {} });
    const todos = list.map(({ content, status, priority }) => ({ content, status, priority }));
    await this.store.replace(sessionID, todos);
    this.events.publish(instance, 'todo.updated', { sessionID, todos });
    const open = todos.filter((todo) => todo.status !== 'completed').length;
    return { title: `${open} todos`, output: JSON.stringify(todos, null, 2), metadata: { todos } };
  }
}
