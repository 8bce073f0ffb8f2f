import config from './jest.config.mjs';

/** What only the packed package and the executable can show: `npm run test:package`. It builds and installs, and takes minutes. */
export default {
  ...config,
  roots: ['<rootDir>/test/extension'],
  testRegex: '\\.package-spec\\.ts$',
  testTimeout: 300_000,
};
