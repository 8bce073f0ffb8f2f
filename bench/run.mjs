import { stat, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.mjs';
import { markdownTable, summarise } from './figures.mjs';

const USAGE = `node bench/run.mjs [scenario…] [options]

  --rounds <n>        how often every scenario is run against every server (default 5)
  --only <server>     this or reference; no ratios then
  --executable        measure dist/executable/opencode (npm run build:executable) as this server
  --json <file>       every sample and the summary as JSON
  --cpu-prof <dir>    write a CPU profile of every process of this server (figures are worse then)
  --list              name the scenarios`;

const SCENARIOS = [
  'start-up',
  'first-prompt',
  'turns',
  'streaming-1',
  'streaming-20',
  'tool-turns',
  'history',
  'session-list',
  'provider-list',
  'find-file',
  'soak',
  'memory',
];

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      only: { type: 'string' },
      json: { type: 'string' },
      executable: { type: 'boolean', default: false },
      'cpu-prof': { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.list) return console.log(SCENARIOS.join('\n'));
  const names = positionals.length > 0 ? positionals : SCENARIOS;
  for (const name of names)
    if (!SCENARIOS.includes(name)) throw new Error(`No scenario ${name}. There are: ${SCENARIOS.join(', ')}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a number from 1, not ${values.rounds}`);
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 24) throw new Error(`Node ${process.versions.node} is too old: run this with npm run bench`);

  // what follows needs a built server and a current Node
  const { findCandidates } = await import('./candidates.mjs');
  const { Bench } = await import('./bench.mjs');
  const candidates = await findCandidates({
    only: values.only,
    profiles: values['cpu-prof'],
    executable: values.executable,
  });
  const bench = await Bench.open();
  // what runs then fails, cleans up after itself, and ends the program
  const stop = (signal) => bench.stop(signal);
  process.once('SIGINT', stop).once('SIGTERM', stop);

  const machine = describeMachine();
  const samples = [];
  try {
    for (const name of names) {
      const scenario = await import(`./scenarios/${name}.mjs`);
      for (let round = 1; round <= rounds; round++) {
        // who goes first changes, so that neither always meets the machine as the other left it
        const order = round % 2 === 1 ? candidates : candidates.toReversed();
        for (const candidate of order) {
          const began = performance.now();
          const figures = await scenario.run(bench.seat(candidate));
          const seconds = ((performance.now() - began) / 1000).toFixed(1);
          console.error(`${name} ${round}/${rounds} ${candidate.name}: ${seconds} s`);
          samples.push({ scenario: name, round, server: candidate.name, figures });
        }
      }
    }
  } finally {
    await bench.close();
  }

  const summary = summarise(samples);
  console.log(`${machine.cores} cores, ${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${rounds} rounds\n`);
  console.log(markdownTable(summary));
  for (const { name, command, args } of candidates)
    if (args.length === 0) console.log(`\nThe executable of ${name} has ${await sizeOf(command)} MiB.`);
  if (values.json) await writeFile(values.json, JSON.stringify({ machine, rounds, summary, samples }, null, 2) + '\n');
}

async function sizeOf(path) {
  const { size } = await stat(path);
  return (size / 2 ** 20).toFixed(0);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (process.env.DEBUG) console.error(error);
  process.exitCode = 1;
}
