import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SQLOutputValue } from 'node:sqlite';
import { type Command, UsageError } from './command.js';
import { printJson } from './print.js';

async function databaseFile(): Promise<string> {
  const [{ DATABASE_FILE_NAME }, { processEnvironment }] = await Promise.all([
    import('#libs/storage'),
    import('./process-environment.js'),
  ]);
  return join(processEnvironment().paths.data, DATABASE_FILE_NAME);
}

export const databasePath: Command = {
  name: 'db path',
  summary: 'Print where the database lies',
  options: {},

  async run() {
    console.log(await databaseFile());
    return 0;
  },
};

/** Reads, so that a slip of the keyboard changes nothing. */
export const databaseQuery: Command = {
  name: 'db query',
  aliases: ['db'],
  summary: 'Ask the database in SQL; nothing can be changed',
  words: '<sql>',
  options: {
    format: { type: 'string', value: 'format', choices: ['tsv', 'json'], summary: 'How to print', fallback: 'tsv' },
  },

  async run(args) {
    const sql = args.words.join(' ');
    if (sql === '') throw new UsageError('Give a query');
    const file = await databaseFile();
    if (!existsSync(file)) throw new Error(`There is no database yet: ${file}`);
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    try {
      const rows = database.prepare(sql).all();
      if (args.options['format'] === 'json') printJson(rows);
      else if (rows[0]) {
        console.log(Object.keys(rows[0]).join('\t'));
        for (const row of rows) console.log(Object.values(row).map(cell).join('\t'));
      }
    } finally {
      database.close();
    }
    return 0;
  },
};

const cell = (value: SQLOutputValue): string => String(value ?? '').replace(/[\t\n]/g, ' ');
