import type { Environment } from '../environment/environment.port.js';

/** Any of them has models told of the search tools, whatever their provider. */
const FLAGS = ['OPENCODE_ENABLE_EXA', 'OPENCODE_EXPERIMENTAL_EXA', 'OPENCODE_EXPERIMENTAL'];

/** Whether a variable switches the search tools on. */
export function searchSwitchedOn(environment: Environment): boolean {
  return environment.flag(...FLAGS);
}
