import { item } from './field/factory.js';
import { AnyField, StringField } from './field/field.decorator.js';

export type ToolIDs = string[];
export const ToolIDsType = item.named('ToolIDs', item.array(item.string()));

/** A tool as the model sees it; `parameters` is a JSON Schema. */
export class ToolListItem {
  @StringField()
  id: string;

  @StringField()
  description: string;

  @AnyField()
  parameters: unknown;
}

export type ToolList = ToolListItem[];
export const ToolListType = item.named('ToolList', item.array(item.ref(() => ToolListItem)));
