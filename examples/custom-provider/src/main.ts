import 'reflect-metadata';
import { createServer, SystemEnvironment } from 'opencode-nest';
import { EchoProviderModule } from './echo-provider.module.js';

// the standalone server with one more module
const environment = new SystemEnvironment({ ECHO_KEY: 'any', ...process.env }, process.cwd());
const server = await createServer({ environment, imports: [EchoProviderModule], storage: 'memory' });
console.log(`opencode server listening on ${server.url}`);
process.once('SIGINT', () => void server.close());
