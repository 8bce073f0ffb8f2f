import { InlineSchema, StringField } from '#libs/contract';

@InlineSchema()
export class SkillInput {
  @StringField({ description: 'Name of the skill' })
  name: string;
}
