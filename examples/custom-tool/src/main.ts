import 'reflect-metadata';
import { createServer, SystemEnvironment } from 'opencode-nest';
import { HandbookSearch } from './handbook-search.js';
import { ToolsModule } from './tools.module.js';

const environment = new SystemEnvironment(process.env, process.cwd());
const searchService = new HandbookSearch();
const server = await createServer({ environment, imports: [ToolsModule], searchService, storage: 'memory' });
console.log(`opencode server listening on ${server.url}`);
process.once('SIGINT', () => void server.close());
