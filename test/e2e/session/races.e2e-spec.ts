import { setTimeout } from 'node:timers/promises';
import { RunClaimStore } from '#libs/extension';
import { type EventReader, Gate, reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';

describe('at the very moment at which a server begins to work on a session', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let one: TestServer;
  let other: TestServer;
  let id: string;
  let events: EventReader;
  beforeEach(async () => {
    model = await ScriptedModel.start();
    project = await TemporaryProject.create({ model });
    one = await TestServer.start({ storage: 'sqlite' });
    other = await TestServer.start({ storage: 'sqlite', home: one.home });
    const { directory } = project;
    events = await one.events({ directory });
    id = (await one.request('/session', { directory, json: { title: 'shared' } })).body.id;
  });
  afterEach(async () => {
    await other.close();
    await one.close();
    await model.close();
    await project.remove();
  });

  const ask = (server: TestServer, path: string, json?: unknown, method = json === undefined ? 'GET' : 'POST') =>
    server.request(`/session/${id}${path}`, { directory: project.directory, json, method });
  const say = (text: string) => ask(one, '/message', { parts: [{ type: 'text', text }] });
  /** Does something when the first server has looked at the session and is about to take it. */
  function beforeTaking(work: () => Promise<unknown>): void {
    const claims = one.app.get(RunClaimStore, { strict: false });
    const claim = claims.claim.bind(claims);
    claims.claim = async (sessionID) => {
      claims.claim = claim;
      await work();
      return claim(sessionID);
    };
  }

  it('another takes back what it did: that is gone', async () => {
    model.push(reply().text('Wrong.'), reply().text('Right.'));
    await say('First');
    const [first] = (await ask(one, '/message')).body;
    beforeTaking(() => ask(other, '/revert', { messageID: first.info.id }));
    expect((await say('Second')).body.parts.at(-2)).toMatchObject({ text: 'Right.' });
    const texts = (await ask(one, '/message')).body.flatMap(({ parts }: { parts: { text?: string }[] }) =>
      parts.flatMap(({ text }) => text ?? []),
    );
    expect(texts).toEqual(['Second', 'Right.']);
    expect((await ask(one, '')).body).not.toHaveProperty('revert');
  });

  it('another removes it: it is not there', async () => {
    beforeTaking(() => ask(other, '', undefined, 'DELETE'));
    expect(await say('Hello')).toMatchObject({ status: 404, body: { name: 'NotFoundError' } });
    expect(model.requests).toEqual([]);
  });

  it('it is asked to remove it: the work ends, and nothing goes on', async () => {
    const gate = new Gate();
    model.push(reply().text('Half').wait(gate).text(' and whole.'));
    const removed = Promise.withResolvers<{ status: number }>();
    beforeTaking(async () => {
      const reply = ask(one, '', undefined, 'DELETE');
      removed.resolve(reply);
      // it has ended what there was: nothing
      await Promise.race([reply, setTimeout(300)]);
    });
    const answer = await say('Hello');
    expect(answer.status === 200 ? answer.body.info.error.name : answer.body.name).toBe('MessageAbortedError');
    expect((await removed.promise).status).toBe(200);
    await events.next('session.deleted');
    expect((await ask(one, '')).status).toBe(404);
    expect((await one.request('/session/status', { directory: project.directory })).body).toEqual({});
    gate.open();
  });
});
