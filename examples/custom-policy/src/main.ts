import 'reflect-metadata';
import { createServer, SystemEnvironment } from 'opencode-nest';
import { CompanyPolicy, PolicyModule, Shelf, TokenAuthenticator } from './policy.js';

const server = await createServer({
  environment: new SystemEnvironment(process.env, process.cwd()),
  permissionPolicy: new CompanyPolicy(),
  authenticator: new TokenAuthenticator(process.env.COMPANY_TOKEN ?? 'sesame'),
  shareService: new Shelf(),
  imports: [PolicyModule],
  storage: 'memory',
});
console.log(`opencode server listening on ${server.url}`);
process.once('SIGINT', () => void server.close());
