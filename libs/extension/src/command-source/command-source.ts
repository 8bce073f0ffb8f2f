import type { Command } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** Version of the interface behind {@link CommandSource}; the registry refuses a source of another one. @publicApi */
export const COMMAND_SOURCE_SPECIFICATION = 'command-source-v1';

/** A slash command that comes from elsewhere than the configuration. @publicApi */
export interface SourcedCommand extends Omit<Command, 'template' | 'source'> {
  /** What clients show it as; default `command`. */
  source?: NonNullable<Command['source']>;
  /**
   * The text of the prompt, with the placeholders `$1` … and `$ARGUMENTS`; asked for each time the command runs.
   * Snippets (`` !`…` ``) in it stay text: what came from elsewhere is not run in a shell.
   * @param words the arguments of the command, for a source that puts them in by itself
   */
  template(signal: AbortSignal, words: readonly string[]): CommandTemplate | Promise<CommandTemplate>;
}

/** A text with placeholders; or one that is complete, to which nothing is added. @publicApi */
export type CommandTemplate = string | { readonly text: string };

/**
 * Offers slash commands per instance, behind those of the configuration: a name that is taken is left out. Asked each
 * time commands are listed or run, so it keeps what is costly to find out; one that fails or takes longer than five
 * seconds counts as empty.
 * @publicApi
 */
export interface CommandSourceHandler {
  readonly specificationVersion: typeof COMMAND_SOURCE_SPECIFICATION;
  commands(instance: Instance): Promise<readonly SourcedCommand[]>;
}
