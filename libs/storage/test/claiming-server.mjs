// Claims a session in the database named on the command line, says so, and stays until it is killed.
import 'reflect-metadata';
import './typescript-hooks.mjs';
import { writeSync } from 'node:fs';

const { SqliteStores } = await import('../src/sqlite/sqlite-stores.ts');

const stores = new SqliteStores(process.argv[2]);
writeSync(1, `${await stores.claims.claim(process.argv[3])}\n`);
setInterval(() => stores.claims.find(process.argv[3]), 1_000);
