import { type Credentials, SystemEnvironment } from '#libs/extension';

/** The environment of this process, for the server and for the programs it starts. */
export function processEnvironment(): SystemEnvironment {
  // programs can tell by these that an agent runs them
  process.env['AGENT'] = '1';
  process.env['OPENCODE'] = '1';
  return new SystemEnvironment({ ...process.env }, process.cwd());
}

/**
 * Who may use the server; undefined when everybody may. The environment above does not tell: programs get it.
 * @param given instead of the password in the variables
 */
export function serverCredentials(given?: string): Credentials | undefined {
  const { OPENCODE_SERVER_PASSWORD, OPENCODE_SERVER_USERNAME: username } = process.env;
  const password = given ?? OPENCODE_SERVER_PASSWORD;
  return password ? { username: username || 'opencode', password } : undefined;
}
