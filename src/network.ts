import { isLoopback } from './edge/host-check.js';

/** Port tried first when nobody asked for one. */
export const PREFERRED_PORT = 4096;
const HIGHEST_PORT = 65_535;

/** Where and for whom a server listens. */
export interface NetworkOptions {
  /** `preferred`: 4096, or any free one when it is taken. 0: any free one. */
  port?: number | 'preferred';
  hostname?: string;
  /** Origins allowed besides the usual ones. */
  cors?: readonly string[];
  mdns?: boolean;
  mdnsDomain?: string;
}

/** The `server` block of the configuration. */
interface ConfiguredNetwork {
  port?: number;
  hostname?: string;
  cors?: readonly string[];
  mdns?: boolean;
  mdnsDomain?: string;
}

export interface NetworkSettings {
  readonly port: number | 'preferred';
  readonly hostname: string;
  readonly cors: readonly string[];
  readonly mdns: boolean;
  readonly mdnsDomain: string;
}

/** What is asked for wins over what is configured; origins add up. */
export function networkSettings(asked: NetworkOptions, configured: ConfiguredNetwork = {}): NetworkSettings {
  const mdns = asked.mdns ?? configured.mdns ?? false;
  const hostname = asked.hostname ?? configured.hostname;
  const port = asked.port ?? configured.port ?? 'preferred';
  return {
    port: typeof port === 'number' ? Math.min(Math.max(Math.trunc(port), 0), HIGHEST_PORT) : port,
    hostname: hostname ?? (mdns ? '0.0.0.0' : '127.0.0.1'),
    cors: [...(configured.cors ?? []), ...(asked.cors ?? [])],
    mdns,
    mdnsDomain: asked.mdnsDomain ?? configured.mdnsDomain ?? 'opencode.local',
  };
}

/** Whether only this machine can reach the address. */
export function isPrivate({ hostname }: NetworkSettings): boolean {
  return isLoopback(hostname);
}

/** The address for people and launchers. */
export function urlOf(hostname: string, port: number): string {
  return `http://${hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname}:${port}`;
}
