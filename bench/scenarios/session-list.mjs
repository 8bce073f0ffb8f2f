import { figure, median } from '../figures.mjs';

export const SESSIONS = 200;
const READS = 30;

/** Two hundred sessions: making one, listing them all. */
export function run(seat) {
  return seat.run(async (server) => {
    const making = await server.measure(() => makeSessions(server, SESSIONS));
    await listSessions(server, 5);
    const listing = await server.measure(() => listSessions(server, READS));
    return [
      figure('POST /session, median of 200', 'ms', median(making.result)),
      figure('CPU per POST', 'ms', making.cpu && making.cpu / SESSIONS),
      figure('GET /session, median of 30', 'ms', median(listing.result)),
      figure('CPU per GET', 'ms', listing.cpu && listing.cpu / READS),
    ];
  });
}

export async function makeSessions(server, count) {
  const times = [];
  for (let made = 0; made < count; made++) {
    const began = performance.now();
    await server.client.session();
    times.push(performance.now() - began);
  }
  return times;
}

async function listSessions(server, count) {
  const times = [];
  for (let read = 0; read < count; read++) {
    const began = performance.now();
    const body = await server.client.text('GET', `/session?limit=${SESSIONS}`);
    times.push(performance.now() - began);
    if (read > 0) continue;
    const { length } = JSON.parse(body);
    if (length !== SESSIONS) throw new Error(`The list has ${length} sessions instead of ${SESSIONS}`);
  }
  return times;
}
