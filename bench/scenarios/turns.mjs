import { reply } from '../../dist/src/testing.js';
import { figure, median, quantile } from '../figures.mjs';

const TURNS = 50;
const WARM_UP = 5;

/** Fifty plain answers in one session of a warm server, one after the other. */
export function run(seat) {
  return seat.run(async (server) => {
    const sessionID = await server.client.session();
    await plainTurns(seat, server, sessionID, WARM_UP);
    const { result, cpu } = await server.measure(() => plainTurns(seat, server, sessionID, TURNS));
    return [
      figure('prompt → answer, median of 50', 'ms', median(result)),
      figure('prompt → answer, 95th percentile', 'ms', quantile(result, 0.95)),
      figure('CPU per turn', 'ms', cpu && cpu / TURNS),
    ];
  });
}

/** Milliseconds of every turn. */
export async function plainTurns(seat, server, sessionID, count) {
  const times = [];
  for (let turn = 0; turn < count; turn++) {
    const answer = `This is answer number ${turn}.`;
    seat.model.push(reply().text(...answer.split(/(?= )/)));
    const began = performance.now();
    await server.client.prompt(sessionID, `This is question number ${turn}.`, answer);
    times.push(performance.now() - began);
  }
  return times;
}
