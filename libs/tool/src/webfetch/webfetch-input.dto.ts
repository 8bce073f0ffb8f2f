import { EnumField, InlineSchema, NumberField, StringField } from '#libs/contract';

const FORMATS = ['markdown', 'text', 'html'] as const;

/** What becomes of an HTML page. */
export type WebFormat = (typeof FORMATS)[number];

@InlineSchema()
export class WebFetchInput {
  @StringField({ description: 'Full address, beginning with http:// or https://' })
  url: string;

  @EnumField(FORMATS, { optional: true, default: 'markdown', description: 'Form in which a page is given' })
  format?: WebFormat;

  @NumberField({ optional: true, coerce: true, description: 'Seconds it may take: 30 unless given, 120 at most' })
  timeout?: number;
}
