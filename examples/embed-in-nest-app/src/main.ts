import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';

// open event streams must not keep the server from closing
const app = await NestFactory.create(AppModule, new FastifyAdapter(), { forceCloseConnections: true });
app.enableShutdownHooks();
await app.listen(3000, '127.0.0.1');
console.log(`curl -H 'authorization: Bearer sesame' ${await app.getUrl()}/agent/session`);
