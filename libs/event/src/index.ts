export { EventBus } from './event-bus.js';
export { PublishedEvent, type WireEventOf } from './published-event.js';
