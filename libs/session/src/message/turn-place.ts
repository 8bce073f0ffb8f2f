import { idBehind, type UserMessage } from '#libs/contract';

/**
 * Where the messages of a turn stand: right behind each other, and before all that was asked after it began, however
 * late they are written. Clients sort by id, the store by turn and id.
 */
export class TurnPlace {
  private last: string;
  /** When the turn began, in ms. */
  readonly began: number;

  constructor({ id, time }: UserMessage) {
    this.last = id;
    this.began = time.created;
  }

  /** The id of the next message of the turn. */
  next(): string {
    return (this.last = idBehind(this.last));
  }
}
