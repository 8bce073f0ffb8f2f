import type { LoggerService } from '@nestjs/common';
import type { Bonjour } from 'bonjour-service';
import { isPrivate, type NetworkSettings } from './network.js';

/** Milliseconds the goodbye may take. */
const PATIENCE = 500;
const SOURCE = 'Announcement';

interface BonjourPackage {
  Bonjour: new (options: object, failed: (error: Error) => void) => Bonjour;
}

/** A server made known in the local network by multicast DNS, until it is taken back. */
export interface Announcement {
  /** Tells the network that the server is gone. */
  stop(): Promise<void>;
}

/**
 * Makes a server known as `opencode-<port>`, an HTTP service of the configured host name. A network without multicast
 * costs a warning, nothing more. Undefined for a server that only this machine can reach.
 */
export async function announce(
  port: number,
  settings: NetworkSettings,
  log: LoggerService | undefined,
): Promise<Announcement | undefined> {
  const warn = (text: string): void => {
    log?.warn(`The server is not announced in the network: ${text}`, SOURCE);
  };
  if (isPrivate(settings)) {
    warn(`only this machine reaches ${settings.hostname}`);
    return undefined;
  }
  try {
    const loaded = (await import('bonjour-service')) as unknown as { default: BonjourPackage };
    const bonjour = new loaded.default.Bonjour({}, (error) => warn(error.message));
    // looking for the name first would print to stdout when it is taken, and then announce nothing
    const what = { name: `opencode-${port}`, type: 'http', host: settings.mdnsDomain, port, probe: false };
    bonjour.publish({ ...what, txt: { path: '/' } });
    return { stop: () => goodbye(bonjour) };
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function goodbye(bonjour: Bonjour): Promise<void> {
  await new Promise<void>((resolve) => {
    const patience = setTimeout(resolve, PATIENCE);
    bonjour.unpublishAll(() => {
      clearTimeout(patience);
      resolve();
    });
  });
  bonjour.destroy();
}
