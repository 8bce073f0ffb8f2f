import { InlineSchema, StringField } from '#libs/contract';

@InlineSchema()
export class ApplyPatchInput {
  @StringField({ description: 'The whole patch, from "*** Begin Patch" to "*** End Patch"' })
  patchText: string;
}
