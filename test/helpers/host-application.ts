import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const ADAPTERS = { fastify: () => new FastifyAdapter(), express: () => new ExpressAdapter() };

export type HostAdapter = keyof typeof ADAPTERS;

/** What a host application may stand on. */
export const HOST_ADAPTERS = Object.keys(ADAPTERS) as HostAdapter[];

/**
 * A host application that listens, on a port of its own.
 * @param configure called before it is initialised
 */
export async function startHost(
  adapter: HostAdapter,
  module: Type,
  configure?: (app: INestApplication) => void,
): Promise<{ app: INestApplication; url: string }> {
  const app = await NestFactory.create(module, ADAPTERS[adapter](), {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  configure?.(app);
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}
