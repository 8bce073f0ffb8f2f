import { NumberField, ObjectField, StringField } from '../field/field.decorator.js';
import { InlineSchema, NamedSchema } from '../field/schema.decorator.js';
import { Range } from './range.dto.js';

/** Where a symbol is declared. */
@InlineSchema()
export class SymbolLocation {
  @StringField()
  uri: string;

  @ObjectField(() => Range)
  range: Range;
}

/** A symbol found by a language server. */
@NamedSchema('Symbol')
export class WorkspaceSymbol {
  @StringField()
  name: string;

  @NumberField()
  kind: number;

  @ObjectField(() => SymbolLocation)
  location: SymbolLocation;
}
