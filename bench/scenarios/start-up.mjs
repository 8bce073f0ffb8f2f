import { figure } from '../figures.mjs';

/** From the start of the process until it says that it listens, and until it has answered a first request. */
export function run(seat) {
  return seat.withPlace(async (place) => {
    // the first start on a new home makes the database; every later one is what a user waits for
    await seat.withServer(place, ({ client }) => client.get('/session'));
    return seat.withServer(place, async (server) => {
      const cpu = await server.cpu();
      const memory = await server.memory();
      await server.client.get('/session');
      const answered = performance.now() - server.began;
      return [
        figure('spawn → listening line', 'ms', server.startTime),
        figure('CPU until then', 'ms', cpu),
        figure('memory (RSS) then', 'MiB', memory?.resident),
        figure('spawn → first GET /session answered', 'ms', answered),
      ];
    });
  });
}
