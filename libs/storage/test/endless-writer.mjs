// Writes messages to the database named on the command line until it is killed; one line per acknowledged write.
import 'reflect-metadata';
import './typescript-hooks.mjs';
import { writeSync } from 'node:fs';

const { SqliteStores } = await import('../src/sqlite/sqlite-stores.ts');
const { session, text, user } = await import('../src/testing/samples.ts');

const stores = new SqliteStores(process.argv[2]);
await stores.sessions.insert(session('ses_a'));
for (let n = 0; ; n++) {
  const info = user(`msg_${String(n).padStart(6, '0')}`, 'ses_a', n);
  const part = text(`prt_${n}`, info, 'x'.repeat(2_000));
  await stores.messages.insert(info, [part]);
  await stores.messages.savePart({ ...part, text: `final ${n}` });
  await stores.todos.replace('ses_a', [{ content: String(n), status: 'pending', priority: 'low' }]);
  writeSync(1, `${n}\n`);
}
