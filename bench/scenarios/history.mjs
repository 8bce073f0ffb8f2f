import { figure, median } from '../figures.mjs';
import { plainTurns } from './turns.mjs';

const MESSAGES = 300;
const READS = 30;
const WARM_UP = 5;
const LATE_TURNS = 10;

/** A session of 300 messages: reading it, and going on in it. */
export function run(seat) {
  return seat.run(async (server) => {
    const sessionID = await server.client.session();
    await plainTurns(seat, server, sessionID, MESSAGES / 2);
    await readHistory(server, sessionID, WARM_UP);
    const { result, cpu } = await server.measure(() => readHistory(server, sessionID, READS));
    const late = await server.measure(() => plainTurns(seat, server, sessionID, LATE_TURNS));
    return [
      figure('GET /session/:id/message, median of 30', 'ms', median(result)),
      figure('CPU per GET', 'ms', cpu && cpu / READS),
      figure('a further turn in this session, median of 10', 'ms', median(late.result)),
      figure('CPU per further turn', 'ms', late.cpu && late.cpu / LATE_TURNS),
    ];
  });
}

/** Milliseconds of every read. */
async function readHistory(server, sessionID, count) {
  const times = [];
  for (let read = 0; read < count; read++) {
    const began = performance.now();
    const body = await server.client.text('GET', `/session/${sessionID}/message`);
    times.push(performance.now() - began);
    if (read > 0) continue;
    const { length } = JSON.parse(body);
    if (length !== MESSAGES) throw new Error(`The history has ${length} messages instead of ${MESSAGES}`);
  }
  return times;
}
