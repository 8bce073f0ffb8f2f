import { WireError } from '#libs/contract';
import type { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';

/** Does work that a request waits for. Clients that do not read the answer of the request show the event. */
export async function tellingFailure<T>(
  bus: EventBus,
  instance: Instance,
  sessionID: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { message } = WireError.from(error);
    bus.publish(instance, 'session.error', { sessionID, error: { name: 'UnknownError', data: { message } } });
    throw error;
  }
}
