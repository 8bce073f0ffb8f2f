import 'reflect-metadata';
import { createServer, SystemEnvironment } from 'opencode-nest';
import { CompanyPolicy, PolicyModule } from './policy.js';

const server = await createServer({
  environment: new SystemEnvironment(process.env, process.cwd()),
  permissionPolicy: new CompanyPolicy(),
  imports: [PolicyModule],
  storage: 'memory',
});
console.log(`opencode server listening on ${server.url}`);
process.once('SIGINT', () => void server.close());
