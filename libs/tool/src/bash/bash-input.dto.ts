import { InlineSchema, NumberField, StringField } from '#libs/contract';

@InlineSchema()
export class BashInput {
  @StringField({ description: 'The command line' })
  command: string;

  @NumberField({ optional: true, coerce: true, description: 'Milliseconds the command may take (default 120000)' })
  timeout?: number;

  @StringField({
    optional: true,
    description: 'Directory to run in (default: the project directory). Use this instead of cd',
  })
  workdir?: string;

  @StringField({ description: 'What the command does, in 5 to 10 words, for the user' })
  description: string;
}
