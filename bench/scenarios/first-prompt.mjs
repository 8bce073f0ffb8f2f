import { reply } from '../../dist/src/testing.js';
import { figure } from '../figures.mjs';

/** The first session and the first prompt of a process that has done nothing else. */
export function run(seat) {
  return seat.withPlace(async (place) => {
    // what is done once per home directory, such as migrations, is done before
    await seat.withServer(place, (server) => firstPrompt(seat, server));
    return seat.withServer(place, async (server) => {
      const { wall, cpu } = await server.measure(() => firstPrompt(seat, server));
      return [
        figure('POST /session and first answer', 'ms', wall),
        figure('CPU for that', 'ms', cpu),
        figure('spawn → first answer', 'ms', performance.now() - server.began),
      ];
    });
  });
}

async function firstPrompt(seat, { client }) {
  seat.model.push(reply().text('Hello.'));
  await client.prompt(await client.session(), 'Hello', 'Hello.');
}
