import { streaming } from './streaming-1.mjs';

/** One answer of 5,000 deltas, watched by twenty clients: 100,000 deliveries. */
export function run(seat) {
  return streaming(seat, 20);
}
