import { item } from '../field/factory.js';
import { StringField } from '../field/field.decorator.js';
import type { DtoClass } from '../field/item.js';
import { withoutFields } from '../field/without-fields.js';
import { FilePart } from './file-part.dto.js';
import type { PartIdentity } from './part-identity.dto.js';
import { AgentPart, SubtaskPart, TextPart } from './part.dto.js';

/** What a part says beside where it stands, which is for the server to decide. */
const contentOf = <T extends PartIdentity>(part: DtoClass<T>) => withoutFields(part, 'id', 'sessionID', 'messageID');

/** Text of a prompt. */
export class TextPartInput extends contentOf(TextPart) {
  @StringField({ optional: true })
  id?: string;
}

/** A file of a prompt. */
export class FilePartInput extends contentOf(FilePart) {
  @StringField({ optional: true })
  id?: string;
}

/** A mention of an agent in a prompt. */
export class AgentPartInput extends contentOf(AgentPart) {
  @StringField({ optional: true })
  id?: string;
}

/** Work for a subagent, as a prompt. */
export class SubtaskPartInput extends contentOf(SubtaskPart) {
  @StringField({ optional: true })
  id?: string;
}

export type PartInput = TextPartInput | FilePartInput | AgentPartInput | SubtaskPartInput;
export const PartInputType = item.discriminated('type', () => [
  TextPartInput,
  FilePartInput,
  AgentPartInput,
  SubtaskPartInput,
]);
