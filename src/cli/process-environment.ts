import { SystemEnvironment } from '#libs/extension';

/** The environment of this process, for the server and for the programs it starts. */
export function processEnvironment(): SystemEnvironment {
  // programs can tell by these that an agent runs them
  process.env['AGENT'] = '1';
  process.env['OPENCODE'] = '1';
  return new SystemEnvironment({ ...process.env }, process.cwd());
}
