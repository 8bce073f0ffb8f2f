import { validateItem } from '../validation.js';
import { type EventMap, type EventType, EventUnion, type WireEvent } from './event.js';

describe('events', () => {
  it('are told apart by their type', () => {
    const event: WireEvent<'session.idle'> = { type: 'session.idle', properties: { sessionID: 'ses_1' } };
    expect(validateItem(EventUnion, event).value).toEqual(event);
    expect(validateItem(EventUnion, { type: 'session.idle', properties: {} }).issues).toMatchObject([
      { code: 'invalid_type', path: ['properties', 'sessionID'] },
    ]);
  });

  it('do not publish the heartbeat, though it is sent', () => {
    const beat: WireEvent = { type: 'server.heartbeat', properties: {} };
    expect(validateItem(EventUnion, beat).issues).toMatchObject([{ note: 'No matching discriminator' }]);
  });

  it('map every type to its properties', () => {
    const publish = <T extends EventType>(type: T, properties: EventMap[T]): WireEvent =>
      ({ type, properties }) as WireEvent;
    expect(publish('vcs.branch.updated', { branch: 'main' })).toEqual({
      type: 'vcs.branch.updated',
      properties: { branch: 'main' },
    });
    // @ts-expect-error a status has no such type
    publish('session.status', { sessionID: 'ses_1', status: { type: 'asleep' } });
  });
});
