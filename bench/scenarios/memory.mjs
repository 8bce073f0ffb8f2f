import { setTimeout as sleep } from 'node:timers/promises';
import { figure } from '../figures.mjs';
import { makeSessions, SESSIONS } from './session-list.mjs';
import { longAnswer } from './streaming-1.mjs';
import { FILES, toolTurns } from './tool-turns.mjs';
import { plainTurns } from './turns.mjs';

/** Milliseconds of rest before memory is read. */
const REST = 3_000;

/** What a process that has done the work of the other scenarios keeps. */
export function run(seat) {
  return seat.run(async (server, project) => {
    const { client } = server;
    await makeSessions(server, SESSIONS);
    await plainTurns(seat, server, await client.session(), 50);
    await toolTurns(seat, server, project, await client.session(), 20);
    const talk = await client.session();
    await longAnswer(seat, server, talk, 1);
    await longAnswer(seat, server, talk, 20);
    for (let read = 0; read < 10; read++) await client.text('GET', `/session/${talk}/message`);
    await sleep(REST);
    const idle = await server.measure(() => sleep(REST));
    const memory = await server.memory();
    return [
      figure('RSS at rest', 'MiB', memory?.resident),
      figure('of that no file', 'MiB', memory?.anonymous),
      figure('most ever', 'MiB', memory?.peak),
      figure('CPU per second of rest', 'ms', idle.cpu && (idle.cpu * 1000) / idle.wall),
    ];
  }, FILES);
}
