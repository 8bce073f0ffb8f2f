import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { type AddressInfo, createServer as createProbe } from 'node:net';
import { ConfigService } from '#libs/config';
import type { OpencodeExtras, OpencodeOptions } from '#libs/core';
import { type Authenticator, BasicAuthenticator, type Credentials, type Environment } from '#libs/extension';
import { createFastifyAdapter, InjectedApi, useWireErrors } from '#libs/http';
import { announce, type Announcement } from './announcement.js';
import { authentication } from './edge/authentication.js';
import { cors } from './edge/cors.js';
import { Edge, type EdgeRule } from './edge/edge.js';
import { loopbackHostsOnly } from './edge/host-check.js';
import { ListenFailedError } from './listen-failed.error.js';
import {
  isPrivate,
  networkSettings,
  type NetworkOptions,
  type NetworkSettings,
  PREFERRED_PORT,
  urlOf,
} from './network.js';
import { type ServerHttpOptions, ServerModule } from './server.module.js';

/** @publicApi */
export interface ServerOptions extends NetworkOptions, OpencodeOptions, Pick<OpencodeExtras, 'storage' | 'imports'> {
  environment: Environment;
  /** Settings of the routes, such as `allowedRoots`. */
  http?: ServerHttpOptions;
  /** Asked of every request, by HTTP basic authentication; without them and an `authenticator` the server is open. */
  credentials?: Credentials;
  /** Where log lines go; false = nowhere. */
  logger?: LoggerService | false;
}

/** A server that listens. @publicApi */
export interface RunningServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly settings: NetworkSettings;
  readonly app: NestFastifyApplication;
  /** Takes no more requests, ends runs and instances, closes the database. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the standalone server.
 * Rejects with a {@link ListenFailedError} when the address cannot be used, and with the error of the configuration
 * when a global configuration file is wrong.
 * @publicApi
 */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const { port, hostname, cors: origins, mdns, mdnsDomain, credentials, logger = false, ...others } = options;
  // the edge asks about every request, unknown paths included, and the routes need not ask again
  const { authenticator = credentials && new BasicAuthenticator(credentials), ...rest } = others;
  const edge = new Edge();
  const adapter = createFastifyAdapter({ frameworkErrors: edge.frameworkErrors });
  edge.guard(adapter.getInstance<FastifyInstance>());
  const app = await NestFactory.create<NestFastifyApplication>(ServerModule.forRoot(rest), adapter, {
    logger,
    abortOnError: false,
    forceCloseConnections: true,
    return503OnClosing: true,
  });
  try {
    useWireErrors(app);
    await app.init();
    const config = await app.get(ConfigService).global();
    const settings = networkSettings({ port, hostname, cors: origins, mdns, mdnsDomain }, config.server);
    const own = app.get(InjectedApi, { strict: false });
    edge.trusts = ({ headers }) => own.isOwn(headers);
    edge.rules = rulesOf(settings, authenticator);
    const used = await listen(app, settings);
    const announcement = settings.mdns ? await announce(used, settings, logger || undefined) : undefined;
    return running(app, settings, used, announcement);
  } catch (error) {
    await app.close();
    throw error;
  }
}

function rulesOf(settings: NetworkSettings, authenticator: Authenticator | undefined): EdgeRule[] {
  // in this order: a refused login says nothing about origins
  if (authenticator) return [authentication(authenticator), cors(settings.cors)];
  if (isPrivate(settings)) return [cors(settings.cors), loopbackHostsOnly(settings.hostname)];
  return [cors(settings.cors)];
}

/** Resolves to the port in use. */
async function listen(app: NestFastifyApplication, { port, hostname }: NetworkSettings): Promise<number> {
  const at = async (wanted: number): Promise<number> => {
    try {
      await app.listen(wanted, hostname);
    } catch (error) {
      throw new ListenFailedError(wanted, hostname, error);
    }
    return (app.getHttpServer().address() as AddressInfo).port;
  };
  if (port !== 'preferred') return at(port);
  return at((await isFree(PREFERRED_PORT, hostname)) ? PREFERRED_PORT : 0);
}

/** A server that failed to listen cannot try again, so the port is tried with another one. */
async function isFree(port: number, host: string): Promise<boolean> {
  const probe = createProbe();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen({ port, host }, () => probe.close(() => resolve(true)));
  });
}

function running(
  app: NestFastifyApplication,
  settings: NetworkSettings,
  port: number,
  announcement: Announcement | undefined,
): RunningServer {
  let closed: Promise<void> | undefined;
  const end = async () => {
    await Promise.all([announcement?.stop(), app.close()]);
  };
  const close = () => {
    // connections that are open go on until the runs and instances behind them have ended
    app.getHttpServer().close();
    return (closed ??= end());
  };
  return { url: urlOf(settings.hostname, port), port, settings, app, close, [Symbol.asyncDispose]: close };
}
