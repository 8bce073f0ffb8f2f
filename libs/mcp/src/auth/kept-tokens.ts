import type { OAuthTokens } from '@modelcontextprotocol/client';
import type { McpCredentials } from './mcp-auth.store.js';

type KeptTokens = NonNullable<McpCredentials['tokens']>;

/** What is kept of tokens that were given. @param now milliseconds since the epoch */
export function keptTokens(tokens: OAuthTokens, issuer: string, now: number): KeptTokens {
  return {
    accessToken: tokens.access_token,
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
    ...(tokens.expires_in !== undefined && { expiresAt: Math.floor(now / 1000) + tokens.expires_in }),
    ...(tokens.scope !== undefined && { scope: tokens.scope }),
    issuer,
  };
}
