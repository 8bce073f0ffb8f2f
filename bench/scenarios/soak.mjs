import { reply } from '../../dist/src/testing.js';
import { figure, median } from '../figures.mjs';

const TURNS = 300;
/** Turns at each end that are compared. */
const EDGE = 50;
/** Turns after which the conversation is summarised, as a full context would do by itself. */
const SUMMARY_EVERY = 60;
const NOTE = 'The only line of the note.';

/** Three hundred turns with a tool in one session: what the last ones take, and keep, compared with the first. */
export function run(seat) {
  return seat.run(
    async (server, project) => {
      const sessionID = await server.client.session();
      const times = [];
      let early;
      for (let turn = 1; turn <= TURNS; turn++) {
        times.push(await toolTurn(seat, server, project, sessionID));
        if (turn === EDGE) early = await server.memory();
        if (turn % SUMMARY_EVERY === 0) await summarise(seat, server, sessionID);
      }
      const late = await server.memory();
      const [first, last] = [median(times.slice(0, EDGE)), median(times.slice(-EDGE))];
      return [
        figure('turn, median of the first 50', 'ms', first),
        figure('turn, median of the last 50', 'ms', last),
        figure('RSS after 50 turns', 'MiB', early?.resident),
        figure('RSS after 300 turns', 'MiB', late?.resident),
      ];
    },
    { 'note.txt': NOTE },
  );
}

async function toolTurn(seat, server, project, sessionID) {
  seat.model.push(reply().tool('read', { filePath: project.path('note.txt') }), reply().text('Read it.'));
  const began = performance.now();
  await server.client.prompt(sessionID, 'Read the note', 'Read it.');
  const took = performance.now() - began;
  const seen = JSON.stringify(seat.model.requests.at(-1)?.body.messages.at(-1));
  if (!seen.includes(NOTE)) throw new Error(`The model did not see the note: ${seen.slice(0, 500)}`);
  seat.model.requests.length = 0;
  return took;
}

async function summarise(seat, server, sessionID) {
  seat.model.push(reply().text('The user had the note read many times.'));
  await server.client.post(`/session/${sessionID}/summarize`, { providerID: 'scripted', modelID: 'test' });
}
