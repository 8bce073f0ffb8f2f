import { EventEmitter2 } from '@nestjs/event-emitter';
import { type Instance, InstanceLocator, InstanceStore } from '#libs/instance';
import { EventBus } from './event-bus.js';
import type { PublishedEvent } from './published-event.js';

class Locator extends InstanceLocator {
  locate() {
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    return Promise.resolve({ worktree: '/', project });
  }
}

let store: InstanceStore;
let emitter: EventEmitter2;
let bus: EventBus;
let here: Instance;
let there: Instance;
beforeEach(async () => {
  store = new InstanceStore(new Locator());
  emitter = new EventEmitter2({ wildcard: true });
  bus = new EventBus(store, emitter);
  here = (await store.acquire('/here')).instance;
  there = (await store.acquire('/there')).instance;
});
afterEach(() => store.onModuleDestroy());

const idle = { sessionID: 'ses_1' };

describe('EventBus', () => {
  it('keeps the events of instances apart and shows all of them on the global stream', () => {
    const local: string[] = [];
    const global: string[] = [];
    bus.instance$(here).subscribe((event) => local.push(event.text));
    bus.all$.subscribe((event) => global.push(event.globalText));
    bus.publish(here, 'session.idle', idle);
    bus.publish(there, 'session.idle', idle);
    bus.publishGlobal('global.disposed', {}, 'global');
    const payload = '{"type":"session.idle","properties":{"sessionID":"ses_1"}}';
    expect(local).toEqual([payload]);
    expect(global).toEqual([
      `{"directory":"/here","payload":${payload}}`,
      `{"directory":"/there","payload":${payload}}`,
      '{"directory":"global","payload":{"type":"global.disposed","properties":{}}}',
    ]);
  });

  it('serialises an event once, however many read it', () => {
    let times = 0;
    const counted = { ...idle, toJSON: () => ((times += 1), idle) };
    for (let i = 0; i < 3; i++) bus.instance$(here).subscribe((event) => event.text);
    bus.all$.subscribe((event) => event.globalText);
    bus.publish(here, 'session.idle', counted);
    expect(times).toBe(1);
  });

  it('tells of the disposal and ends the streams of the instance, not the global one', async () => {
    const local: string[] = [];
    let completed = false;
    let global = 0;
    bus.instance$(here).subscribe({ next: (event) => local.push(event.type), complete: () => (completed = true) });
    bus.all$.subscribe(() => global++);
    await store.dispose(here);
    expect(local).toEqual(['server.instance.disposed']);
    expect(completed).toBe(true);
    expect(global).toBe(1);
    bus.instance$(here).subscribe({ next: () => local.push('late') });
    expect(local).toHaveLength(1);
  });

  it('reaches listeners of the host and survives the ones that throw', () => {
    const seen: PublishedEvent[] = [];
    emitter.on('session.*', (event: PublishedEvent) => {
      seen.push(event);
      throw new Error('broken listener');
    });
    bus.publish(here, 'session.idle', idle);
    expect(seen).toMatchObject([{ type: 'session.idle', properties: idle, directory: '/here' }]);
  });
});
