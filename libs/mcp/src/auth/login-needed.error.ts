import { AuthNeededError } from '../connection/mcp.error.js';
import type { LoginPlace } from './login-place.js';

/** The server wants a person to log in, at this place. */
export class LoginNeededError extends AuthNeededError {
  constructor(
    server: string,
    readonly place: LoginPlace,
  ) {
    super(`The server "${server}" wants a login`);
  }
}
