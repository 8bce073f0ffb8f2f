import { reply } from '../../dist/src/testing.js';
import { figure, median, quantile } from '../figures.mjs';

const TURNS = 20;
const WARM_UP = 3;

/** A file of 200 lines for the tool to read. */
export const FILES = {
  'notes.txt': Array.from({ length: 200 }, (_, line) => `Line ${line} of the notes that the model asks for.`).join(
    '\n',
  ),
};

/** Turns of two steps: the model calls the read tool, sees the file, and answers. */
export function run(seat) {
  return seat.run(async (server, project) => {
    const sessionID = await server.client.session();
    await toolTurns(seat, server, project, sessionID, WARM_UP);
    const { result, cpu } = await server.measure(() => toolTurns(seat, server, project, sessionID, TURNS));
    return [
      figure('prompt → read → answer, median of 20', 'ms', median(result)),
      figure('prompt → read → answer, 95th percentile', 'ms', quantile(result, 0.95)),
      figure('CPU per turn', 'ms', cpu && cpu / TURNS),
    ];
  }, FILES);
}

/** Milliseconds of every turn. */
export async function toolTurns(seat, server, project, sessionID, count) {
  const times = [];
  for (let turn = 0; turn < count; turn++) {
    const { requests } = seat.model;
    seat.model.push(reply().tool('read', { filePath: project.path('notes.txt') }), reply().text('Read it.'));
    const began = performance.now();
    await server.client.prompt(sessionID, 'Read the notes', 'Read it.');
    times.push(performance.now() - began);
    const seen = JSON.stringify(requests.at(-1)?.body.messages.at(-1));
    if (!seen.includes('Line 199 of the notes'))
      throw new Error(`The model did not see the file: ${seen.slice(0, 500)}`);
    requests.length = 0;
  }
  return times;
}
