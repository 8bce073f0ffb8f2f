import { declareField } from '../field/field.decorator.js';
import type { DtoClass } from '../field/item.js';
import { dtoItem } from '../field/object.js';
import { literalItem } from '../field/scalar.js';
import { entryOf } from '../field/schema.registry.js';

/** An event as it travels: its type and what it says. */
export interface EventShape<T extends string, P extends object> {
  type: T;
  properties: P;
}

/**
 * Base of an event's DTO class; the component is named `Event.<type>`.
 *
 * @example export class SessionIdleEvent extends wireEvent('session.idle', () => SessionIdProperties) {}
 */
export function wireEvent<const T extends string, P extends object>(
  type: T,
  properties: () => DtoClass<P>,
): DtoClass<EventShape<T, P>> {
  class EventTemplate {
    type: T;
    properties: P;
  }
  entryOf(EventTemplate).name = `Event.${type}`;
  declareField(EventTemplate.prototype, 'type', literalItem(type), {});
  declareField(EventTemplate.prototype, 'properties', dtoItem(properties), {});
  return EventTemplate;
}
