export { isDirectory, within } from './directory.js';
export { Instance, type InstancePlace } from './instance.js';
export { InstanceLocator } from './instance-locator.port.js';
export { InstanceState } from './instance-state.js';
export { KeyedQueue } from './keyed-queue.js';
export { RecentMap } from './recent-map.js';
export {
  INSTANCE_STORE_OPTIONS,
  InstanceStore,
  type InstanceCheck,
  type InstanceLease,
  type InstanceStoreOptions,
} from './instance.store.js';
