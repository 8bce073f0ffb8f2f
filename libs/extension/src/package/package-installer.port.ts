import { Port } from '../boot/port.js';

/** A package that is on disk. @publicApi */
export interface InstalledPackage {
  name: string;
  /** The version that is there, such as `1.4.2`. */
  version: string;
  /** Absolute path of its own folder: the one with its `package.json`. */
  directory: string;
}

/** @publicApi */
export interface PackageRequest {
  /** With the scope if there is one, such as `@acme/plugin`. */
  name: string;
  /** A version, a range or a tag; default `latest`. */
  version?: string;
  /** Ends the installation. */
  signal?: AbortSignal;
}

/**
 * Brings packages from the npm registry to this machine, on demand: plugins, and packages of language-model providers.
 * @publicApi
 */
export abstract class PackageInstaller extends Port {
  /**
   * Resolves at once when the package is there. Concurrent requests for one package share the work.
   * Rejects with a PackageInstallError, which says what to do without a network.
   */
  abstract install(request: PackageRequest): Promise<InstalledPackage>;
  /**
   * Installs what the `package.json` of a folder asks for into its `node_modules`. Rejects as {@link install} does.
   * @param directory absolute path
   */
  abstract installFolder(directory: string, signal?: AbortSignal): Promise<void>;
}
