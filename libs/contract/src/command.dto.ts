import { item } from './field/factory.js';
import { ArrayField, BooleanField, EnumField, StringField, UnionField } from './field/field.decorator.js';

/** A slash command. `hints` are the placeholders of its template. */
export class Command {
  @StringField()
  name: string;

  @StringField({ optional: true })
  description?: string;

  @StringField({ optional: true })
  agent?: string;

  @StringField({ optional: true })
  model?: string;

  @EnumField(['command', 'mcp', 'skill'], { optional: true })
  source?: 'command' | 'mcp' | 'skill';

  @UnionField(item.union(item.string(), item.string()))
  template: string;

  @BooleanField({ optional: true })
  subtask?: boolean;

  @ArrayField(item.string())
  hints: string[];
}
