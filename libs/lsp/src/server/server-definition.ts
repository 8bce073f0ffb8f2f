import type { Environment } from '#libs/extension';
import type { Diagnostic } from '../client/diagnostic.js';
import type { ServerSource } from '../install/server-source.js';
import type { RootRule } from './root-rule.js';

/** Where a server is about to be started. */
export interface ServerPlace {
  /** Absolute path of the project folder it is for. */
  readonly root: string;
  /** Absolute path of the instance. */
  readonly directory: string;
  /** Folder where the search for project-local programs ends. */
  readonly top: string;
  readonly environment: Environment;
}

/** What is found out before a server is started: its settings, or why it cannot be used here. */
export type Preparation = { initialization: Record<string, unknown> } | { missing: string };

/** One way of starting a server: the program and its arguments. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** The program can serve only when its `--help` names this. */
  readonly ifHelpNames?: string;
}

/** One language server. */
export interface ServerDefinition {
  readonly id: string;
  /** Extensions with their dot, or whole names of files without one; empty = every file. */
  readonly extensions: readonly string[];
  readonly root: RootRule;
  /** In order of preference: the first whose program is found is used. */
  readonly commands: readonly ServerCommand[];
  readonly source: ServerSource;
  /** Absent = it needs no settings. */
  readonly prepare?: (place: ServerPlace) => Promise<Preparation>;
  readonly env?: Readonly<Record<string, string>>;
  /** Used in some environments only. */
  readonly available?: (environment: Environment) => boolean;
  /**
   * Asks what the server thinks of an open file in a way of its own. For servers that publish nothing when an edit
   * changed nothing, and lists in pieces otherwise; what they publish then is but a sign that there is news.
   */
  readonly diagnose?: (request: ServerRequest, path: string) => Promise<Diagnostic[]>;
  /** Milliseconds without a further list after which what it published of a file is whole; default 150. */
  readonly silence?: number;
  /** What it sends beyond the protocol, by method, and what is done then. */
  readonly notifications?: (notify: ServerNotify) => Readonly<Record<string, (params: never) => void>>;
}

/** Tells a server something. */
export type ServerNotify = (method: string, params: unknown) => void;

/** One request to a server; rejects when the server refuses it, ends, or takes too long. */
export type ServerRequest = (method: string, params?: unknown) => Promise<unknown>;
