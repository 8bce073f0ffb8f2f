import { homedir } from 'node:os';
import { join } from 'node:path';
import { Environment, type EnvironmentPaths } from './environment.port.js';

/** Version of the reference whose API is served. */
export const API_VERSION = '1.2.6';

/** The default {@link Environment}: XDG directories below the home directory. */
export class SystemEnvironment extends Environment {
  readonly paths: EnvironmentPaths;
  readonly version = API_VERSION;

  constructor(
    readonly variables: Readonly<Record<string, string | undefined>>,
    readonly directory: string,
  ) {
    super();
    const home = variables['HOME'] || homedir();
    const xdg = (name: string, fallback: string) => join(variables[name] || join(home, fallback), 'opencode');
    this.paths = {
      home,
      config: xdg('XDG_CONFIG_HOME', '.config'),
      data: xdg('XDG_DATA_HOME', '.local/share'),
      state: xdg('XDG_STATE_HOME', '.local/state'),
      cache: xdg('XDG_CACHE_HOME', '.cache'),
    };
  }
}
