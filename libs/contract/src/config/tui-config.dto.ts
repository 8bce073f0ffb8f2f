import { item } from '../field/factory.js';
import { BooleanField, EnumField, NumberField, ObjectField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

export type LayoutConfig = 'auto' | 'stretch';
export const LayoutConfigType = item.named('LayoutConfig', item.enum(['auto', 'stretch']));

/** Scrolling that speeds up. */
@InlineSchema()
export class ScrollAccelerationConfig {
  @BooleanField()
  enabled: boolean;
}

/** Settings of the terminal client; the server only passes them on. */
@InlineSchema()
export class TuiConfig {
  @NumberField({ min: 0.001, optional: true })
  scroll_speed?: number;

  @ObjectField(() => ScrollAccelerationConfig, { optional: true })
  scroll_acceleration?: ScrollAccelerationConfig;

  @EnumField(['auto', 'stacked'], { optional: true })
  diff_style?: 'auto' | 'stacked';
}
