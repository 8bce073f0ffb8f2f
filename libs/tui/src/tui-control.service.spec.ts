import { TuiControl } from './tui-control.service.js';

const forever = new AbortController().signal;
let control: TuiControl;
beforeEach(() => (control = new TuiControl()));
afterEach(() => control.onModuleDestroy());

describe('TuiControl', () => {
  it('hands requests on and answers back, first in, first out', async () => {
    const answers = [control.request({ path: '/a', body: 1 }), control.request({ path: '/b', body: 2 })];
    expect(await control.next(forever)).toEqual({ path: '/a', body: 1 });
    expect(await control.next(forever)).toEqual({ path: '/b', body: 2 });
    expect([control.respond('first'), control.respond('second')]).toEqual([true, true]);
    expect(await Promise.all(answers)).toEqual(['first', 'second']);
  });

  it('gives each request to one of those who wait', async () => {
    const [first, second] = [control.next(forever), control.next(forever)];
    void control.request({ path: '/a', body: undefined });
    expect(await first).toMatchObject({ path: '/a' });
    void control.request({ path: '/b', body: undefined });
    expect(await second).toMatchObject({ path: '/b' });
    control.respond(0);
    control.respond(0);
  });

  it('gives nothing to a client that is gone', async () => {
    const gone = new AbortController();
    const lost = control.next(gone.signal);
    gone.abort(new Error('gone'));
    await expect(lost).rejects.toThrow('gone');
    const answer = control.request({ path: '/a', body: undefined });
    expect(await control.next(forever)).toMatchObject({ path: '/a' });
    control.respond(true);
    expect(await answer).toBe(true);
  });

  it('waits for ever when it is told to', async () => {
    const answer = control.request({ path: '/a', body: undefined }, { timeout: Infinity });
    await control.next(forever);
    control.respond('late');
    expect(await answer).toBe('late');
  });

  it('drops an answer that nobody waits for', async () => {
    expect(control.respond('stray')).toBe(false);
    const answer = control.request({ path: '/a', body: undefined });
    await control.next(forever);
    control.respond('own');
    expect(await answer).toBe('own');
  });

  it('withdraws a request whose asker does not wait any longer', async () => {
    const controller = new AbortController();
    const first = control.request({ path: '/a', body: undefined }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await expect(control.request({ path: '/b', body: undefined }, { timeout: 1 })).rejects.toThrow('timeout');
    void control.request({ path: '/c', body: undefined });
    expect(await control.next(forever)).toMatchObject({ path: '/c' });
    control.respond(0);
  });

  it('lets everybody go when the server ends', async () => {
    const waits = [control.next(forever), control.request({ path: '/a', body: undefined })];
    expect(await waits[0]).toMatchObject({ path: '/a' });
    const next = control.next(forever);
    control.onModuleDestroy();
    await expect(next).rejects.toThrow('shutting down');
    await expect(waits[1]).rejects.toThrow('shutting down');
  });
});
