import type { Agent, FilePartInput, UserMessage } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** A file that a client sends with a prompt. */
export interface Attachment {
  readonly instance: Instance;
  /** The message it belongs to. It is not stored yet. */
  readonly user: UserMessage;
  readonly agent: Agent;
  readonly input: FilePartInput;
  readonly url: URL;
}

/** What is stored for an attachment. */
export interface AttachedFile {
  /** Told to the model before the files, one synthetic part each. */
  readonly texts: readonly string[];
  /** Most often one. The first keeps the id that the client gave. */
  readonly files: readonly FilePartInput[];
  /** Why it could not be read, for the person; the model is told in `texts`. */
  readonly problem?: string;
}

/**
 * One way to attach a file. The kinds are asked in the order in which `SessionModule` lists them; the first that takes
 * an attachment resolves it.
 */
export abstract class FilePartKind {
  abstract takes(attachment: Attachment): boolean | Promise<boolean>;

  /**
   * Rejects with an InvalidRequestError when the prompt has to be refused. What only the model and the person have to
   * know is in the texts and the `problem`.
   */
  abstract resolve(attachment: Attachment): Promise<AttachedFile>;
}
