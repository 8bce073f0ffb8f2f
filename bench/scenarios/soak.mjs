import { setTimeout as sleep } from 'node:timers/promises';
import { reply } from '../../dist/src/testing.js';
import { figure } from '../figures.mjs';

const TURNS = 350;
/** The first turns, in which code is compiled and caches are filled. */
const WARM_UP = 50;
/** Turns at each end that are compared. */
const EDGE = 50;
/** Turns after which the conversation is summarised, as a full context would do by itself. */
const SUMMARY_EVERY = 60;
/** Milliseconds of rest before memory is read: what is garbage is collected when a process has nothing to do. */
const REST = 15_000;
const NOTE = 'The only line of the note.';

/** Many turns with a tool in one session: what the last ones take, and keep, compared with the first. */
export function run(seat) {
  return seat.run(
    async (server, project) => {
      const sessionID = await server.client.session();
      let turn = 0;
      const turns = async (count) => {
        for (const end = turn + count; turn < end;) {
          await toolTurn(seat, server, project, sessionID);
          if (++turn % SUMMARY_EVERY === 0) await summarise(seat, server, sessionID);
        }
      };
      await turns(WARM_UP);
      const first = await edge(server, turns);
      await turns(TURNS - turn - EDGE);
      const last = await edge(server, turns);
      return [...figures(`first ${EDGE}`, first), ...figures(`last ${EDGE}`, last)];
    },
    { 'note.txt': NOTE },
  );
}

async function edge(server, turns) {
  const { wall, cpu } = await server.measure(() => turns(EDGE));
  await sleep(REST);
  return { wall, cpu, memory: await server.memory() };
}

const figures = (which, { wall, cpu, memory }) => [
  figure(`turn, mean of the ${which}`, 'ms', wall / EDGE),
  figure(`CPU per turn, ${which}`, 'ms', cpu && cpu / EDGE),
  figure(`RSS at rest after the ${which}`, 'MiB', memory?.resident),
  figure(`of that no file, ${which}`, 'MiB', memory?.anonymous),
];

async function toolTurn(seat, server, project, sessionID) {
  seat.model.push(reply().tool('read', { filePath: project.path('note.txt') }), reply().text('Read it.'));
  await server.client.prompt(sessionID, 'Read the note', 'Read it.');
  const seen = JSON.stringify(seat.model.requests.at(-1)?.body.messages.at(-1));
  if (!seen.includes(NOTE)) throw new Error(`The model did not see the note: ${seen.slice(0, 500)}`);
  seat.model.requests.length = 0;
}

async function summarise(seat, server, sessionID) {
  seat.model.push(reply().text('The user had the note read many times.'));
  await server.client.post(`/session/${sessionID}/summarize`, { providerID: 'scripted', modelID: 'test' });
}
