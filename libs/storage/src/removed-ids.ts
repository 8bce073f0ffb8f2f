import { RecentMap } from '#libs/instance';

const KEPT = 10_000;

/**
 * Ids of messages removed by this process. A run that is still writing one must not bring it back; after a restart
 * no run is left that could, so memory is enough.
 */
export const removedIds = (): Map<string, true> => new RecentMap(KEPT);
