import { MemoryStores, type Stores } from 'opencode-nest';
import { type FileHandle, open, readFile } from 'node:fs/promises';

/** Methods of the ports that change something. */
const CHANGES = new Set([
  'insert',
  'update',
  'remove',
  'saveMessage',
  'savePart',
  'removeMessage',
  'removePart',
  'replace',
]);

const STORES = ['sessions', 'messages', 'todos', 'projects'] as const satisfies readonly (keyof Stores)[];

type Method = (...args: unknown[]) => Promise<unknown>;
type Entry = [store: keyof Stores, method: string, args: unknown[]];

/**
 * Everything in memory, and every change as a line of a file, which is read again at the start. Good for a demo: the file
 * only grows.
 */
export class JournalStores {
  private constructor(
    readonly stores: Stores,
    private readonly file: FileHandle,
  ) {}

  static async open(path: string): Promise<JournalStores> {
    const memory: Stores = new MemoryStores();
    for (const line of (await readFile(path, 'utf8').catch(() => '')).split('\n').filter(Boolean)) {
      const [store, method, args] = JSON.parse(line) as Entry;
      const [id, stored] = args;
      const replayed = method === 'update' ? [id, () => stored] : args;
      await (memory[store] as unknown as Record<string, Method>)[method]!(...replayed);
    }
    const file = await open(path, 'a');
    const recorded = <K extends keyof Stores>(store: K): Stores[K] =>
      new Proxy(memory[store], {
        get(target, name, receiver) {
          const value: unknown = Reflect.get(target, name, receiver);
          if (typeof value !== 'function' || typeof name !== 'string' || !CHANGES.has(name)) return value;
          return async (...args: unknown[]) => {
            const [id] = args;
            const line = (given: unknown[]) => `${JSON.stringify([store, name, given] satisfies Entry)}\n`;
            const known = name === 'update' ? undefined : line(args);
            const result = await (value as Method).apply(target, args);
            // before the change is acknowledged; of an update what came of it
            if (known !== undefined || result !== undefined) await file.appendFile(known ?? line([id, result]));
            return result;
          };
        },
      });
    const stores = Object.fromEntries(STORES.map((name) => [name, recorded(name)]));
    return new JournalStores({ ...memory, ...stores }, file);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
