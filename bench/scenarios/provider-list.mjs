import { figure, median } from '../figures.mjs';

const READS = 50;

/** The list of all providers with their models: some megabytes, which a client asks for when it starts. */
export function run(seat) {
  return seat.run(async (server) => {
    const { client } = server;
    await client.text('GET', '/provider');
    const times = [];
    const { cpu } = await server.measure(async () => {
      for (let read = 0; read < READS; read++) {
        const began = performance.now();
        await client.text('GET', '/provider');
        times.push(performance.now() - began);
      }
    });
    return [
      figure(`GET /provider, median of ${READS}`, 'ms', median(times)),
      figure('CPU per GET', 'ms', cpu && cpu / READS),
    ];
  });
}
