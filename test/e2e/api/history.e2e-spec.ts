import { reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';
import { ProjectClient } from '../../helpers/project-client.js';

const notFound = (message: string) => ({ status: 404, body: { name: 'NotFoundError', data: { message } } });

describe('the history of a session', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let server: TestServer;
  let client: ProjectClient;
  let session: { id: string };
  let texts: (query?: string) => Promise<string[]>;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    project = await TemporaryProject.create({ model });
    server = await TestServer.start();
    client = new ProjectClient(server, project);
    session = await client.create({ title: 'history' });
    for (const text of ['one', 'two', 'three']) await client.prompt(session.id, text, { noReply: true });
    texts = async (query = '') => {
      const { status, body } = await client.get(`/session/${session.id}/message${query}`);
      expect(status).toBe(200);
      return body.map(({ parts }: { parts: { text: string }[] }) => parts[0]?.text);
    };
  });
  afterAll(async () => {
    await server.close();
    await project.remove();
    await model.close();
  });

  it.each([
    ['', ['one', 'two', 'three']],
    ['?limit=0', ['one', 'two', 'three']],
    ['?limit=1', ['three']],
    ['?limit=2', ['two', 'three']],
    ['?limit=99', ['one', 'two', 'three']],
    ['?limit=-1', []],
  ])('is told oldest first, the newest of it with a limit: %s', async (query, expected) => {
    expect(await texts(query)).toEqual(expected);
  });

  it('refuses a limit that is no number', async () => {
    const { status, body } = await client.get(`/session/${session.id}/message?limit=some`);
    expect([status, body]).toEqual([
      400,
      expect.objectContaining({ data: expect.objectContaining({ limit: 'some' }), success: false }),
    ]);
  });

  it('holds what prompts were answered with', async () => {
    const messageID = 'msg_zzzzzzzzzzzzaaaaaaaaaaaaaa';
    const { status, body } = await client.prompt(session.id, 'four', {
      noReply: true,
      messageID,
      agent: 'build',
      system: 'Be brief.',
    });
    expect([status, body.info]).toEqual([
      200,
      {
        id: messageID,
        sessionID: session.id,
        role: 'user',
        time: { created: expect.any(Number) },
        agent: 'build',
        model: { providerID: 'scripted', modelID: 'test' },
        system: 'Be brief.',
      },
    ]);
    expect((await client.get(`/session/${session.id}/message?limit=1`)).body).toEqual([body]);
    expect(await client.get(`/session/${session.id}/message/${messageID}`)).toMatchObject({ status: 200, body });

    // a message has one session
    const other = await client.create();
    expect(await client.get(`/session/${other.id}/message/${messageID}`)).toMatchObject(
      notFound(`Message not found: ${messageID}`),
    );
    const taken = await client.prompt(session.id, 'again', { noReply: true, messageID });
    expect([taken.status, taken.body.name]).toEqual([409, 'ConflictError']);
    expect((await client.get(`/session/${session.id}/message/${messageID}`)).body).toEqual(body);
  });

  it('stays in order when a client makes ids from the future', async () => {
    const future = await client.create({ title: 'future' });
    const messageID = 'msg_ffffffffffffzzzzzzzzzzzzzz';
    model.push(reply().text('first'), reply().text('second'));
    await client.prompt(future.id, 'one', { messageID });
    await client.prompt(future.id, 'two');
    const { body } = await client.get(`/session/${future.id}/message`);
    expect(body.map(({ info }: { info: { role: string } }) => info.role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
    expect(body[1].info.parentID).toBe(messageID);
    // what the server names itself stands behind it for clients too, which sort by id
    const ids = body.map(({ info }: { info: { id: string } }) => info.id);
    expect(ids).toEqual(ids.toSorted());
    expect(model.pending).toBe(0);
  });
});
