import { TuiControl } from '#libs/tui';
import { type EventReader, TemporaryProject, TestServer } from '../../../src/testing.js';
import { until } from '../../helpers/until.js';

describe('terminal clients', () => {
  let server: TestServer;
  let project: TemporaryProject;
  let events: EventReader;
  let control: TuiControl;
  beforeAll(async () => {
    server = await TestServer.start();
    project = await TemporaryProject.create();
    events = await server.events({ directory: project.directory });
    control = server.app.get(TuiControl);
  });
  afterAll(async () => {
    await server.close();
    await project.remove();
  });

  const post = (path: string, json?: unknown) =>
    server.request(`/tui/${path}`, {
      method: 'POST',
      directory: project.directory,
      ...(json !== undefined && { json }),
    });
  const command = (name: string) => ({ type: 'tui.command.execute', properties: { command: name } });

  it.each([
    ['append-prompt', { text: 'hello' }, { type: 'tui.prompt.append', properties: { text: 'hello' } }],
    ['open-help', undefined, command('help.show')],
    ['open-sessions', undefined, command('session.list')],
    ['open-themes', undefined, command('theme.switch')],
    ['open-models', undefined, command('model.list')],
    ['submit-prompt', undefined, command('prompt.submit')],
    ['clear-prompt', undefined, command('prompt.clear')],
    ['execute-command', { command: 'messages_half_page_up' }, command('session.half.page.up')],
    ['execute-command', { command: 'session_new' }, command('session.new')],
    ['execute-command', { command: 'session.undo' }, command('session.undo')],
    [
      'show-toast',
      { message: 'hi', variant: 'info' },
      { type: 'tui.toast.show', properties: { message: 'hi', variant: 'info', duration: 5000 } },
    ],
    [
      'show-toast',
      { title: 't', message: 'hi', variant: 'error', duration: 1 },
      { type: 'tui.toast.show', properties: { title: 't', message: 'hi', variant: 'error', duration: 1 } },
    ],
    ['publish', command('anything at all'), command('anything at all')],
    [
      'publish',
      { type: 'tui.session.select', properties: { sessionID: 'ses_unknown' } },
      { type: 'tui.session.select', properties: { sessionID: 'ses_unknown' } },
    ],
  ])('are told: %s %j', async (path, body, event) => {
    const told = events.next(event.type);
    const answer = await post(path, body);
    expect([answer.status, answer.body]).toEqual([200, true]);
    expect(await told).toMatchObject(event);
  });

  it.each([
    ['append-prompt', {}],
    ['append-prompt', undefined],
    ['execute-command', { command: 'no_such_command' }],
    ['execute-command', { command: 'constructor' }],
    ['show-toast', { message: 'hi', variant: 'loud' }],
    ['publish', { type: 'session.idle', properties: { sessionID: 'ses_1' } }],
    ['publish', { type: 'tui.session.select', properties: { sessionID: 'other' } }],
    ['publish', undefined],
    ['select-session', { sessionID: 'other' }],
  ])('are not bothered with bad input: %s %j', async (path, body) => {
    expect(await post(path, body)).toMatchObject({ status: 400, body: { data: body ?? {} } });
  });

  it('show a session that exists', async () => {
    const { body: session } = await server.request('/session', { directory: project.directory, json: {} });
    const told = events.next('tui.session.select');
    expect((await post('select-session', { sessionID: session.id })).status).toBe(200);
    expect((await told).properties).toEqual({ sessionID: session.id });
    expect(await post('select-session', { sessionID: 'ses_none' })).toMatchObject({
      status: 404,
      body: { name: 'NotFoundError', data: { message: 'Session not found: ses_none' } },
    });
  });

  describe('carry out requests of the host', () => {
    const next = (signal?: AbortSignal) =>
      server.request('/tui/control/next', { directory: project.directory, ...(signal && { signal }) });

    it('one after the other', async () => {
      const waiting = next();
      const answer = control.request({ path: '/session', body: { title: 'x' } });
      expect((await waiting).body).toEqual({ path: '/session', body: { title: 'x' } });
      expect((await post('control/response', { done: true })).body).toBe(true);
      expect(await answer).toEqual({ done: true });
    });

    it('but not after they have hung up', async () => {
      const client = new AbortController();
      const waiting = next(client.signal);
      await until(() => control.waiting > 0, 'the client waits');
      client.abort();
      await expect(waiting).rejects.toThrow();
      await until(() => control.waiting === 0, 'the client is forgotten');
      const answer = control.request({ path: '/a', body: null });
      expect((await next()).body).toEqual({ path: '/a', body: null });
      await post('control/response');
      expect(await answer).toBeUndefined();
    });

    it('and stop waiting when the instance is disposed', async () => {
      const waiting = next();
      await until(() => control.waiting > 0, 'the client waits');
      await server.request('/instance/dispose', { method: 'POST', directory: project.directory });
      expect(await waiting).toMatchObject({ status: 503, body: { name: 'InstanceDisposedError' } });
    });
  });
});
