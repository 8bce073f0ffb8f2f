import 'reflect-metadata';
import { createServer, SystemEnvironment } from 'opencode-nest';
import { JournalStorageModule } from './journal-storage.module.js';

const environment = new SystemEnvironment(process.env, process.cwd());
const server = await createServer({ environment, storage: JournalStorageModule.forRoot('sessions.jsonl') });
console.log(`opencode server listening on ${server.url}`);
process.once('SIGINT', () => void server.close());
