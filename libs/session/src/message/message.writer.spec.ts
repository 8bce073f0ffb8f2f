import { EventEmitter2 } from '@nestjs/event-emitter';
import type { AssistantMessage, MessageWithParts, Part, Session } from '#libs/contract';
import { EventBus } from '#libs/event';
import { HookRegistry, SystemClock } from '#libs/extension';
import { InstanceLocator, InstanceStore } from '#libs/instance';
import { MemoryStores } from '#libs/storage';
import { type MessageWriter, MessageWriterFactory } from './message.writer.js';
import { UserMessageWriter } from './user-message.writer.js';

class Locator extends InstanceLocator {
  locate() {
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    return Promise.resolve({ worktree: '/', project });
  }
}

describe('a step whose files are recorded', () => {
  let instances: InstanceStore;
  let writer: MessageWriter;
  let stored: () => Promise<MessageWithParts | undefined>;
  let told: Part[];
  const ids = { sessionID: 'ses_1', id: 'msg_1' };

  beforeEach(async () => {
    instances = new InstanceStore(new Locator());
    const bus = new EventBus(instances, new EventEmitter2());
    const { instance } = await instances.acquire('/here');
    const stores = new MemoryStores();
    await stores.sessions.insert({ id: ids.sessionID, title: '', time: { created: 1, updated: 1 } } as Session);
    told = [];
    bus.instance$(instance).subscribe(({ type, properties }) => {
      if (type === 'message.part.updated' && 'part' in properties) told.push(properties.part);
    });
    const clock = new SystemClock();
    const users = new UserMessageWriter(stores.messages, bus, clock);
    const writers = new MessageWriterFactory(stores.messages, bus, clock, users, new HookRegistry());
    const message = { ...ids, role: 'assistant', time: { created: 1 } } as AssistantMessage;
    writer = writers.create(instance, message, (error) => {
      throw error;
    });
    stored = () => stores.messages.find(ids.id);
    await writer.open(1);
  });
  afterEach(() => instances.onModuleDestroy());

  /** A model that is faster than what records the files. */
  function speak(): void {
    writer.apply({ type: 'step-start' });
    writer.apply({ type: 'text-start', id: 'a' });
    writer.apply({ type: 'text-delta', id: 'a', delta: 'Hi' });
    writer.apply({ type: 'text-end', id: 'a' });
  }
  const START = { type: 'step-start', snapshot: 'tree' };

  it('is told once, with its snapshot, before what the model says', async () => {
    const before = Promise.withResolvers<string>();
    writer.startFrom(before.promise);
    speak();
    expect(told).toEqual([]);
    before.resolve('tree');
    await writer.close();
    expect(told).toMatchObject([START, { text: '' }, { text: 'Hi' }]);
    expect((await stored())?.parts).toEqual([told[0], told[2]]);
  });

  it('is told once where there are no snapshots', async () => {
    writer.startFrom(Promise.resolve(undefined));
    speak();
    await writer.close();
    expect(told.map(({ type }) => type)).toEqual(['step-start', 'text', 'text']);
    expect(told[0]).not.toHaveProperty('snapshot');
  });

  it('is told again when it takes too long to record the files', async () => {
    const before = Promise.withResolvers<string>();
    writer.startFrom(before.promise);
    speak();
    await writer.settled();
    expect(told.map(({ type }) => type)).toEqual(['step-start', 'text', 'text']);
    before.resolve('tree');
    await writer.close();
    expect(told.at(-1)).toMatchObject({ ...START, id: told[0]!.id });
    expect((await stored())?.parts[0]).toEqual(told.at(-1));
  });
});
