import { reply } from '../../dist/src/testing.js';
import { figure } from '../figures.mjs';
import { plainTurns } from './turns.mjs';

export const DELTAS = 5_000;

/** One answer of 5,000 deltas, watched by one client. */
export function run(seat) {
  return streaming(seat, 1);
}

export function streaming(seat, readers) {
  return seat.run(async (server) => {
    const sessionID = await server.client.session();
    await plainTurns(seat, server, sessionID, 2);
    const { wall, cpu, deliveries } = await longAnswer(seat, server, sessionID, readers);
    return [
      figure('prompt → last client has seen all', 'ms', wall),
      figure('CPU', 'ms', cpu),
      figure('CPU per delivery', 'µs', cpu && (cpu * 1000) / deliveries),
    ];
  });
}

/** Streams one long answer to a number of clients. */
export async function longAnswer(seat, server, sessionID, readers) {
  const { client } = server;
  const streams = await Promise.all(Array.from({ length: readers }, () => client.events()));
  try {
    const words = Array.from({ length: DELTAS }, (_, index) => `word${index} `);
    words.push('end.');
    seat.model.push(reply().text(...words));
    const { wall, cpu } = await server.measure(() =>
      Promise.all([client.prompt(sessionID, 'Talk', words.join('')), ...streams.map((stream) => stream.idle())]),
    );
    for (const { deltas } of streams)
      if (deltas !== words.length) throw new Error(`A client saw ${deltas} deltas instead of ${words.length}`);
    return { wall, cpu, deliveries: words.length * readers };
  } finally {
    for (const stream of streams) stream.close();
  }
}
