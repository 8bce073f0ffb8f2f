import { mkdir, writeFile } from 'node:fs/promises';
import { figure, median } from '../figures.mjs';

const AREAS = [
  'billing',
  'catalogue',
  'checkout',
  'customer',
  'delivery',
  'editor',
  'gateway',
  'identity',
  'inventory',
];
const LAYERS = ['api', 'controller', 'handler', 'mapper', 'model', 'query', 'repository', 'service', 'store', 'worker'];
const THINGS = [
  'account',
  'address',
  'batch',
  'currency',
  'discount',
  'invoice',
  'label',
  'order',
  'payment',
  'session',
];
const VARIANTS = Array.from({ length: 30 }, (_, index) => `v${index + 1}`);
const FILES = AREAS.length * LAYERS.length * THINGS.length * VARIANTS.length;
/** Files that somebody looks for, letter by letter as a client asks. */
const WANTED = ['identity/service/session-v7.ts', 'billing/mapper/invoice-v12.ts', 'editor/worker/label-v30.ts'];
const READY_LIMIT = 60_000;

/** A tree of 27,000 files in 900 directories: finding files by name while it is typed. */
export function run(seat) {
  return seat.run(async (server, project) => {
    await plant(project);
    await ready(server.client);
    const times = [];
    const { cpu } = await server.measure(async () => {
      for (const path of WANTED) for (const query of typed(path)) times.push(await timed(server.client, query, path));
    });
    return [
      figure(`GET /find/file, median of ${times.length}`, 'ms', median(times)),
      figure('GET /find/file, the slowest', 'ms', Math.max(...times)),
      figure('CPU per GET', 'ms', cpu && cpu / times.length),
    ];
  });
}

async function plant(project) {
  for (const area of AREAS)
    for (const layer of LAYERS) {
      await mkdir(project.path(area, layer), { recursive: true });
      const names = THINGS.flatMap((thing) => VARIANTS.map((variant) => `${thing}-${variant}.ts`));
      await Promise.all(names.map((name) => writeFile(project.path(area, layer, name), '')));
    }
}

/** The reference answers from what it knew before a question, and learns meanwhile: both are asked until they know all. */
async function ready(client) {
  const end = performance.now() + READY_LIMIT;
  for (const path of WANTED)
    while (!(await find(client, path)).includes(path))
      if (performance.now() > end) throw new Error(`GET /find/file does not find ${path} among ${FILES} files`);
}

/** What is asked while a name is typed: two letters, three and so on, the directories left out but for their initials. */
function typed(path) {
  const [area, layer, name] = path.split('/');
  const text = `${area.slice(0, 2)}${layer.slice(0, 2)}${name}`;
  return Array.from({ length: text.length - 1 }, (_, index) => text.slice(0, index + 2));
}

async function timed(client, query, path) {
  const began = performance.now();
  const found = await find(client, query);
  const time = performance.now() - began;
  if (found.length === 0) throw new Error(`GET /find/file finds nothing for ${query}, a part of ${path}`);
  if (query.endsWith('.ts') && !found.includes(path)) throw new Error(`${path} is not found by ${query}: ${found}`);
  return time;
}

function find(client, query) {
  return client.get(`/find/file?query=${encodeURIComponent(query)}`);
}
