import type { ServerCommand, ServerPlace } from '../server/server-definition.js';

/** How a server gets onto the machine when it is missing. */
export type ServerSource =
  /** A package of the npm registry, whose executable is the program of the first command. */
  | { readonly npm: string }
  /** What the package tool of the language installs; the hint is for those who do it themselves. */
  | { readonly tool: ToolSource; readonly hint: string }
  /** What its authors publish for download. */
  | { readonly release: ReleaseSource; readonly hint: string }
  /** Never installed: a sentence for people. */
  | { readonly hint: string };

/** In arguments and variables `$FOLDER` stands for the folder of the installation, `$NAME` for a variable. */
export interface ToolSource {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables of the tool. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of the server that it installs. */
  readonly serverEnv?: Readonly<Record<string, string>>;
}

export interface ReleaseSource {
  readonly feed: ReleaseFeed;
  /** Names or globs of the program in what is unpacked: the first that is found. */
  readonly programs: readonly string[];
  /** Without it there is nothing to install. */
  readonly needs?: NeededProgram;
  /**
   * A script beside the program, where there is one, that the needed program runs once, so that the first start does
   * not take minutes.
   */
  readonly finish?: { readonly script: string; readonly env?: Readonly<Record<string, string>> };
  /** How the program is started; absent = as the first command says. */
  readonly launch?: (installed: InstalledServer, place: ServerPlace) => ServerLaunch | Promise<ServerLaunch>;
}

/** Names of files, by platform: `linux-x64`, `linux-x64-musl`, `darwin-arm64` …; `any` for those that fit all. */
export type PlatformFiles = Readonly<Record<string, RegExp>>;

/** Where the newest release of a server is told. */
export type ReleaseFeed =
  /** Files of a GitHub release. */
  | { readonly github: string; readonly files: PlatformFiles }
  /** Links in the notes of a GitHub release, with `.sha256` files beside what they lead to. */
  | { readonly githubNotes: string; readonly files: PlatformFiles }
  /** A product of releases.hashicorp.com. */
  | { readonly hashicorp: string }
  /** A folder of download.eclipse.org with a `latest.txt`, and `.sha256` files beside the archives. */
  | { readonly eclipse: string }
  /** The service of zigtools that knows which zls goes with which Zig. */
  | { readonly zigtools: 'zls' };

/** A program that a server is of no use without. */
export interface NeededProgram {
  readonly program: string;
  /** Variable that names a folder whose `bin` is looked into before `PATH`. */
  readonly home?: string;
  /** Arguments that make it tell its version, and where that is in what it says. */
  readonly version?: { readonly args: readonly string[]; readonly pattern: RegExp };
  /** Major version. */
  readonly atLeast?: number;
  /** What was installed for one version of it is not used with another. */
  readonly perVersion?: true;
}

export interface FoundProgram {
  /** Absolute path. */
  readonly path: string;
  /** Absent when nobody asked for it. */
  readonly version?: string;
}

/** A server that is there, with the program it needs. */
export interface InstalledServer {
  /** Absolute paths. */
  readonly folder: string;
  readonly program: string;
  readonly needed?: FoundProgram;
}

/** A command with variables of its own. */
export type ServerLaunch = ServerCommand & { readonly env?: Readonly<Record<string, string>> };

/** What a source of any kind comes down to. */
export interface ServerRecipe {
  readonly needs?: NeededProgram;
  /** Fills an empty folder. */
  install(folder: string, needed: FoundProgram | undefined, signal: AbortSignal): Promise<InstallationResult>;
  launch(installed: InstalledServer, place: ServerPlace): Promise<Partial<ServerLaunch>> | Partial<ServerLaunch>;
}

export interface InstallationResult {
  /** Tag or version. */
  readonly version: string;
  /** Path of the program in the folder. */
  readonly program: string;
  /** Where it came from, and the SHA-256 of that. */
  readonly url?: string;
  readonly sha256?: string;
}
