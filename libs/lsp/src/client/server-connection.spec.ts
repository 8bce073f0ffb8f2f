import { NodeProcessRunner } from '#libs/extension';
import { ServerConnection } from './server-connection.js';

describe('a connection whose server says no more', () => {
  it('refuses, and nothing of a request is left behind', async () => {
    const start = { command: 'sh', args: ['-c', 'exec >&-; sleep 60'], cwd: '/', env: { PATH: process.env['PATH'] } };
    const connection = await ServerConnection.open(new NodeProcessRunner(), start, { requests: {}, notifications: {} });
    const aborting = new AbortController();
    let refusal: string;
    do {
      const answer = connection.request('x', {}, { limit: 10, signal: aborting.signal });
      refusal = await answer.then(String, ({ message }: Error) => message);
    } while (refusal.includes('took longer'));
    expect(refusal).toMatch(/closed/);
    // a rejection that nobody hears of would fail the test
    aborting.abort();
    await connection.kill();
    expect(await connection.ended).toMatch(/closed its output|ended/);
  });
});
