import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { Environment, jsonObject, KnownSecrets, PrivateJsonFile } from '#libs/extension';

/** What is kept of the login at one server; names and units as opencode has them, some added. */
export interface McpCredentials {
  tokens?: {
    accessToken: string;
    refreshToken?: string;
    /** Seconds since the epoch. */
    expiresAt?: number;
    scope?: string;
    /** The authorisation server that gave them; added. */
    issuer?: string;
  };
  /** The client that was registered for us. */
  clientInfo?: {
    clientId: string;
    clientSecret?: string;
    /** Seconds since the epoch. */
    clientIdIssuedAt?: number;
    clientSecretExpiresAt?: number;
    /** Added. */
    issuer?: string;
    /** Added. */
    redirectUri?: string;
  };
  /** What the next login has to ask for: a request was refused without; added. */
  scopeNeeded?: string;
  /** They are for this server only. */
  serverUrl?: string;
}

/** Logins at MCP servers, by name: `mcp-auth.json`, which only its owner may read. */
@Injectable()
export class McpAuthStore {
  private readonly file: PrivateJsonFile;

  constructor(
    environment: Environment,
    private readonly secrets: KnownSecrets,
  ) {
    this.file = new PrivateJsonFile(join(environment.paths.data, 'mcp-auth.json'));
  }

  /** What is kept for a server; nothing when its URL is another one now. */
  async find(name: string, url: string): Promise<McpCredentials> {
    const entry = entryOf(jsonObject(await this.file.text()), name, url);
    this.hide(entry);
    return entry;
  }

  /**
   * Replaces parts of an entry by what `next` makes of it; undefined takes a part away, and says in the place of all
   * parts that nothing is to change. Whether something was changed.
   */
  async update(
    name: string,
    url: string,
    next: (entry: McpCredentials) => Omit<McpCredentials, 'serverUrl'> | undefined,
  ): Promise<boolean> {
    const written = await this.file.change((text) => {
      const entries = jsonObject(text);
      const entry = entryOf(entries, name, url);
      const parts = next(entry);
      if (!parts) return undefined;
      this.hide(parts);
      return { ...entries, [name]: { ...entry, ...parts, serverUrl: url } };
    });
    return written !== undefined;
  }

  /** Whether there was something to forget. */
  async remove(name: string): Promise<boolean> {
    const written = await this.file.change((text) => {
      const entries = jsonObject(text);
      if (!Object.hasOwn(entries, name)) return undefined;
      return Object.fromEntries(Object.entries(entries).filter(([other]) => other !== name));
    });
    return written !== undefined;
  }

  /** Works while nobody else, in this process or another, does so for the same server. */
  alone<T>(name: string, url: string, work: () => Promise<T>): Promise<T> {
    return this.file.alone(`${name}\n${url}`, work);
  }

  private hide({ tokens, clientInfo }: McpCredentials): void {
    this.secrets.add([tokens?.accessToken, tokens?.refreshToken, clientInfo?.clientSecret]);
  }
}

function entryOf(entries: Record<string, unknown>, name: string, url: string): McpCredentials {
  const entry = Object.hasOwn(entries, name) ? (entries[name] as McpCredentials | null) : undefined;
  return entry?.serverUrl === url ? entry : {};
}
