import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { Environment, jsonObject, PrivateJsonFile } from '#libs/extension';

/** What is kept of the login at one server; names and units as opencode has them, `issuer` and `redirectUri` added. */
export interface McpCredentials {
  tokens?: {
    accessToken: string;
    refreshToken?: string;
    /** Seconds since the epoch. */
    expiresAt?: number;
    scope?: string;
    /** The authorisation server that gave them. */
    issuer?: string;
  };
  /** The client that was registered for us. */
  clientInfo?: {
    clientId: string;
    clientSecret?: string;
    /** Seconds since the epoch. */
    clientIdIssuedAt?: number;
    clientSecretExpiresAt?: number;
    issuer?: string;
    redirectUri?: string;
  };
  /** They are for this server only. */
  serverUrl?: string;
}

/** Logins at MCP servers, by name: `mcp-auth.json`, which only its owner may read. */
@Injectable()
export class McpAuthStore {
  private readonly file: PrivateJsonFile;

  constructor(environment: Environment) {
    this.file = new PrivateJsonFile(join(environment.paths.data, 'mcp-auth.json'));
  }

  /** What is kept for a server; nothing when its URL is another one now. */
  async find(name: string, url: string): Promise<McpCredentials> {
    return entryOf(jsonObject(await this.file.text()), name, url);
  }

  /** Replaces parts of an entry; undefined takes a part away. */
  async update(name: string, url: string, parts: Pick<McpCredentials, 'tokens' | 'clientInfo'>): Promise<void> {
    await this.file.change((text) => {
      const entries = jsonObject(text);
      return { ...entries, [name]: { ...entryOf(entries, name, url), ...parts, serverUrl: url } };
    });
  }

  /** Whether there was something to forget. */
  async remove(name: string): Promise<boolean> {
    const written = await this.file.change((text) => {
      const { [name]: removed, ...entries } = jsonObject(text);
      return removed === undefined ? undefined : entries;
    });
    return written !== undefined;
  }
}

function entryOf(entries: Record<string, unknown>, name: string, url: string): McpCredentials {
  const entry = Object.hasOwn(entries, name) ? (entries[name] as McpCredentials | null) : undefined;
  return entry?.serverUrl === url ? entry : {};
}
