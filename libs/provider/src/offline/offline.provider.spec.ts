import { SystemClock } from '#libs/extension';
import { modelProviderContract } from '../testing/model-provider-contract.js';
import { OfflineProvider } from './offline.provider.js';

modelProviderContract('The offline guide', async () => ({
  id: 'offline',
  provider: new OfflineProvider(new SystemClock()),
}));
