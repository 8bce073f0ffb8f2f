import { item } from '../field/factory.js';
import type { ItemType } from '../field/item.js';
import { EnumField, NumberField, StringField, UnionField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { wireEvent } from './wire-event.js';

/** Commands that every terminal client knows; any other name is allowed. */
export const TUI_COMMANDS = [
  'session.list',
  'session.new',
  'session.share',
  'session.interrupt',
  'session.compact',
  'session.page.up',
  'session.page.down',
  'session.line.up',
  'session.line.down',
  'session.half.page.up',
  'session.half.page.down',
  'session.first',
  'session.last',
  'prompt.clear',
  'prompt.submit',
  'agent.cycle',
] as const;

@InlineSchema()
export class TuiPromptAppendProperties {
  @StringField()
  text: string;
}

@InlineSchema()
export class TuiCommandExecuteProperties {
  @UnionField(item.union(item.enum(TUI_COMMANDS), item.string()))
  command: string;
}

@InlineSchema()
export class TuiToastShowProperties {
  @StringField({ optional: true })
  title?: string;

  @StringField()
  message: string;

  @EnumField(['info', 'success', 'warning', 'error'])
  variant: 'info' | 'success' | 'warning' | 'error';

  @NumberField({ optional: true, default: 5000, description: 'Milliseconds' })
  duration?: number;
}

@InlineSchema()
export class TuiSessionSelectProperties {
  @StringField({ pattern: /^ses/ })
  sessionID: string;
}

export class TuiPromptAppendEvent extends wireEvent('tui.prompt.append', () => TuiPromptAppendProperties) {}

export class TuiCommandExecuteEvent extends wireEvent('tui.command.execute', () => TuiCommandExecuteProperties) {}

export class TuiToastShowEvent extends wireEvent('tui.toast.show', () => TuiToastShowProperties) {}

export class TuiSessionSelectEvent extends wireEvent('tui.session.select', () => TuiSessionSelectProperties) {}

/** What a client may publish to the terminal clients of an instance. */
export const TuiEventType = item.discriminated('type', () => [
  TuiPromptAppendEvent,
  TuiCommandExecuteEvent,
  TuiToastShowEvent,
  TuiSessionSelectEvent,
]);
export type TuiEvent = ItemType<typeof TuiEventType>;
