import { item } from '../field/factory.js';
import { ArrayField, BooleanField, IntegerField, StringField } from '../field/field.decorator.js';
import { StrictSchema } from '../field/schema.decorator.js';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
export const LogLevelType = item.named('LogLevel', item.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']));

/** How `serve` listens; taken from the global configuration only. */
@StrictSchema()
export class ServerConfig {
  @IntegerField({ exclusiveMin: 0, optional: true })
  port?: number;

  @StringField({ optional: true })
  hostname?: string;

  @BooleanField({ optional: true })
  mdns?: boolean;

  @StringField({ optional: true })
  mdnsDomain?: string;

  @ArrayField(item.string(), { optional: true })
  cors?: string[];
}
