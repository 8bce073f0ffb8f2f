import { InlineSchema, StringField } from '#libs/contract';

@InlineSchema()
export class TaskInput {
  @StringField({ description: 'The task in three to five words, for people' })
  description: string;

  @StringField({ description: 'Everything the agent has to know and what it is to report' })
  prompt: string;

  @StringField({ description: 'Name of the agent that does it' })
  subagent_type: string;

  @StringField({ optional: true, description: 'task_id of an earlier result, to go on with that task' })
  task_id?: string;

  @StringField({ optional: true, description: 'The command that asked for this task' })
  command?: string;
}
