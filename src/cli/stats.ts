import type { SessionStatistics } from '#libs/session';
import { type Command, countOption, type ParsedArguments, textOption, UsageError } from './command.js';
import { JSON_OPTION, printJson, printTable } from './print.js';
import { DIRECTORY_OPTIONS, withLocalServer } from './server/with-server.js';

const BAR = 20;

/** What sessions have used. */
export const stats: Command = {
  name: 'stats',
  summary: 'Tokens, cost, models and tools that sessions have used',
  words: '[count of --models]',
  options: {
    days: { type: 'string', value: 'number', summary: 'Sessions of the last so many days; 0: today', fallback: 'all' },
    tools: { type: 'string', value: 'number', summary: 'How many tools to list', fallback: 'all' },
    models: { type: 'boolean', summary: 'List the models, or the first so many: --models 5' },
    project: { type: 'string', value: 'id', summary: 'Sessions of one project; empty: of this one', fallback: 'all' },
    ...JSON_OPTION,
    ...DIRECTORY_OPTIONS,
  },

  async run(args) {
    const [days, tools] = [countOption(args, 'days'), countOption(args, 'tools')];
    const models = modelCount(args);
    const project = textOption(args, 'project');
    const statistics = await withLocalServer(args, async ({ app, directory }) => {
      const [{ InstanceStore }, { SessionStatisticsService }] = await Promise.all([
        import('#libs/instance'),
        import('#libs/session'),
      ]);
      const projectID =
        project === '' ? await app.get(InstanceStore).use(directory, (instance) => instance.project.id) : project;
      return app.get(SessionStatisticsService).collect({
        ...(days === undefined ? {} : { days }),
        ...(projectID === undefined ? {} : { projectID }),
      });
    });
    if (args.options['json']) printJson(statistics);
    else print(statistics, models, tools);
    return 0;
  },
};

/** How many models to list: a number behind the option, or all. */
function modelCount({ options, words }: ParsedArguments): number {
  const [count, ...rest] = words;
  const isCount = options['models'] === true && /^\d+$/.test(count ?? '') && rest.length === 0;
  if (count !== undefined && !isCount) throw new UsageError(`Unknown argument: ${words.join(' ')}`);
  if (options['models'] !== true) return 0;
  return count === undefined ? Infinity : Number(count);
}

function print({ models, tools, ...rest }: SessionStatistics, mostModels: number, mostTools?: number): void {
  const { sessions, messages, days, cost, tokens, medianTokens } = rest;
  const total = (Object.values(tokens) as number[]).reduce((sum, count) => sum + count, 0);
  printTable(
    ['Overview', ''],
    [
      ['Sessions', number(sessions)],
      ['Messages', number(messages)],
      ['Days', number(days)],
      ['Cost', dollars(cost)],
      ['Cost per day', dollars(cost / days)],
      ['Tokens per session', number(sessions === 0 ? 0 : total / sessions)],
      ['Tokens of the median session', number(medianTokens)],
      ['Input', number(tokens.input)],
      ['Output', number(tokens.output)],
      ['Reasoning', number(tokens.reasoning)],
      ['Cache read', number(tokens.cacheRead)],
      ['Cache write', number(tokens.cacheWrite)],
    ],
  );
  if (mostModels > 0) {
    console.log();
    printTable(
      ['Model', 'Messages', 'Input', 'Output', 'Cost'],
      Object.entries(models)
        .slice(0, mostModels)
        .map(([name, use]) => {
          const { input, output } = use.tokens;
          return [name, number(use.messages), number(input), number(output), dollars(use.cost)];
        }),
    );
  }
  const calls = Object.entries(tools);
  if (calls.length === 0) return;
  const sum = calls.reduce((total, [, count]) => total + count, 0);
  console.log();
  printTable(
    ['Tool', 'Calls', ''],
    calls.slice(0, mostTools).map(([name, count]) => {
      const bar = '█'.repeat(Math.max(1, Math.round((count / (calls[0]?.[1] ?? count)) * BAR)));
      return [name, number(count), `${bar} ${((count / sum) * 100).toFixed(1)} %`];
    }),
  );
}

const number = (value: number): string => Math.round(value).toLocaleString('en-US');
const dollars = (value: number): string => `$${value.toFixed(2)}`;
