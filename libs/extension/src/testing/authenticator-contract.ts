import assert from 'node:assert/strict';
import type { AuthenticationRequest, Authenticator } from '../authentication/authenticator.port.js';
import { type Closable, declareContract } from './contract-case.js';
import { type ContractRunner, globalRunner } from './contract-runner.js';

type Headers = AuthenticationRequest['headers'];

/** @publicApi */
export interface AuthenticatorUnderTest extends Closable {
  authenticator: Authenticator;
  /** Headers of requests that may pass, by lower-case name. */
  accepted: readonly Headers[];
}

const STRANGE: readonly string[] = [
  '',
  ' ',
  'Basic',
  'Basic ',
  'Basic !!!!',
  `Basic ${Buffer.from(':').toString('base64')}`,
  `Basic ${Buffer.from('opencode').toString('base64')}`,
  'Bearer',
  'Bearer undefined',
  'Bearer null',
  `Bearer ${'x'.repeat(100_000)}`,
  '__proto__',
  'ÿþ\u0000',
];

/**
 * Declares the tests that every {@link Authenticator} must pass.
 *
 * @param name of the authenticator, for the report
 * @param open called once per test
 * @param runner where the tests are declared; default: the global `describe` and `it`
 * @example
 * authenticatorContract('Tokens', async () => ({
 *   authenticator: new TokenAuthenticator('sesame'),
 *   accepted: [{ authorization: 'Bearer sesame' }],
 * }));
 * @publicApi
 */
export function authenticatorContract(
  name: string,
  open: () => Promise<AuthenticatorUnderTest>,
  runner: ContractRunner = globalRunner(),
): void {
  declareContract(`${name} keeps the contract of authenticators`, { open, runner }, (test) => {
    test('lets those in whom it knows, on every route and every time', async ({ authenticator, accepted }) => {
      assert.ok(accepted.length > 0, 'name at least one request that may pass');
      for (const headers of accepted)
        for (const request of [...REQUESTS, ...REQUESTS])
          assert.equal(await authenticator.authenticate({ ...request, headers }), true, `refused: ${shown(headers)}`);
    });

    test('refuses whoever shows nothing', async ({ authenticator }) => {
      for (const request of REQUESTS)
        assert.equal(await authenticator.authenticate({ ...request, headers: {} }), false);
    });

    test('refuses what it cannot read, without an error', async ({ authenticator, accepted }) => {
      for (const header of new Set(['authorization', ...accepted.flatMap(Object.keys)]))
        for (const value of STRANGE)
          for (const given of [value, [value, value]])
            assert.equal(await authenticator.authenticate({ ...REQUESTS[0], headers: { [header]: given } }), false);
    });

    test('refuses what is nearly right', async ({ authenticator, accepted }) => {
      for (const headers of accepted) {
        const half = Object.entries(headers).map(([header, value]) => {
          const text = String(value);
          return [header, text.slice(0, Math.ceil(text.length / 2))] as const;
        });
        assert.equal(await authenticator.authenticate({ ...REQUESTS[0], headers: Object.fromEntries(half) }), false);
      }
    });

    test('has a challenge that can be sent as a header', async ({ authenticator: { challenge } }) => {
      if (challenge !== undefined) assert.match(challenge, /^[\x21-\x7e][\x20-\x7e]*$/);
    });
  });
}

const REQUESTS = [
  { method: 'GET', url: '/session?directory=%2Fwork' },
  { method: 'POST', url: '/session' },
  { method: 'GET', url: '/unknown/%zz' },
] as const;

const shown = (headers: Headers): string => Object.keys(headers).join(', ');
