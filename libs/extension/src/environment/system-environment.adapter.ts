import { homedir } from 'node:os';
import { join } from 'node:path';
import { withoutOwnSecrets } from './own-secrets.js';
import { Environment, type EnvironmentPaths } from './environment.port.js';

/** Version of the reference whose API is served. */
export const API_VERSION = '1.2.6';

/**
 * The default {@link Environment}: XDG directories below the home directory. Its variables lack the name and password of
 * the server, whatever it is made of: they are handed on to every program.
 * @publicApi
 */
export class SystemEnvironment extends Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly paths: EnvironmentPaths;
  readonly version = API_VERSION;

  constructor(
    variables: Readonly<Record<string, string | undefined>>,
    readonly directory: string,
  ) {
    super();
    this.variables = withoutOwnSecrets(variables);
    const home = variables['HOME'] || homedir();
    const xdg = (name: string, fallback: string) => join(variables[name] || join(home, fallback), 'opencode');
    this.paths = {
      // for tests; the other folders stay where they are
      home: variables['OPENCODE_TEST_HOME'] || home,
      config: xdg('XDG_CONFIG_HOME', '.config'),
      data: xdg('XDG_DATA_HOME', '.local/share'),
      state: xdg('XDG_STATE_HOME', '.local/state'),
      cache: xdg('XDG_CACHE_HOME', '.cache'),
    };
  }
}
