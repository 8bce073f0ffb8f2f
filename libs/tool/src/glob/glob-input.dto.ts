import { InlineSchema, StringField } from '#libs/contract';

@InlineSchema()
export class GlobInput {
  @StringField({ description: 'Glob, such as "**/*.ts" or "src/**/*.{js,jsx}"' })
  pattern: string;

  @StringField({ optional: true, description: 'Directory to search in (default: the project directory)' })
  path?: string;
}
