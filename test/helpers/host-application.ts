import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const ADAPTERS = { fastify: () => new FastifyAdapter(), express: () => new ExpressAdapter() };

export type HostAdapter = keyof typeof ADAPTERS;

/** What a host application may stand on. */
export const HOST_ADAPTERS = Object.keys(ADAPTERS) as HostAdapter[];

/** A host application that listens, on a port of its own. */
export async function startHost(adapter: HostAdapter, module: Type): Promise<{ app: INestApplication; url: string }> {
  const app = await NestFactory.create(module, ADAPTERS[adapter](), {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}
