import type { MCPStatus, McpServerConfig } from '#libs/contract';
import { failureText } from '../connection/failure-text.js';
import { AuthNeededError, RegistrationNeededError, ScopeNeededError } from '../connection/mcp.error.js';
import { secretsOf } from '../connection/server-secrets.js';
import { asThrown, httpStatusOf } from '../connection/thrown.js';

/** The status of a server that could not be connected to, or was lost. */
export function explain(config: McpServerConfig, error: unknown): MCPStatus {
  if (error instanceof AuthNeededError || error instanceof ScopeNeededError) return { status: 'needs_auth' };
  const text = failureText(error, secretsOf(config));
  if (error instanceof RegistrationNeededError) return { status: 'needs_client_registration', error: text };
  const hint = config.type === 'remote' ? remoteHint(config.oauth, error) : '';
  return { status: 'failed', error: `${text}${hint}` };
}

function remoteHint(oauth: unknown, error: unknown): string {
  if (httpStatusOf(error) === 401 && oauth === false)
    return ' (the server wants a login and "oauth" is false: give it a key with "headers", or remove "oauth")';
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return ' (nothing listens there: is the server running?)';
    case 'ENOTFOUND':
      return ' (no such host: is the url right?)';
    default:
      return '';
  }
}

/** The code of the system, which `fetch` hides in the cause. */
function codeOf(thrown: unknown): unknown {
  const error = asThrown(thrown);
  return error?.code ?? (error?.cause === undefined ? undefined : codeOf(error.cause));
}
