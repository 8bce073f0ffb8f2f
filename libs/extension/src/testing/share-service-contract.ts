import assert from 'node:assert/strict';
import type { Session } from '#libs/contract';
import type { ShareService } from '../share/share-service.port.js';
import { type Closable, declareContract } from './contract-case.js';
import { type ContractRunner, globalRunner } from './contract-runner.js';

/** @publicApi */
export interface ShareServiceUnderTest extends Closable {
  service: ShareService;
  /** Whether a place can be read by others. Absent: not looked at. */
  isReadable?: (url: string) => Promise<boolean>;
}

/**
 * Declares the tests that every {@link ShareService} must pass.
 *
 * @param name of the service, for the report
 * @param open called once per test; nothing is shared yet
 * @param runner where the tests are declared; default: the global `describe` and `it`
 * @publicApi
 */
export function shareServiceContract(
  name: string,
  open: () => Promise<ShareServiceUnderTest>,
  runner: ContractRunner = globalRunner(),
): void {
  declareContract(`${name} keeps the contract of share services`, { open, runner }, (test) => {
    test('gives each session an address of its own, and the same one again', async ({ service, isReadable }) => {
      const { url } = await service.share(session('a'));
      assert.match(url, /^https?:\/\//, 'the address is for a browser');
      assert.ok(URL.canParse(url), `no address: ${url}`);
      assert.equal((await service.share({ ...session('a'), title: 'Another title', share: { url } })).url, url);
      assert.notEqual((await service.share(session('b'))).url, url);
      if (isReadable) assert.equal(await isReadable(url), true);
    });

    test('ends it, and nothing else', async ({ service, isReadable }) => {
      const [a, b] = await Promise.all([service.share(session('a')), service.share(session('b'))]);
      await service.unshare({ ...session('a'), share: a });
      if (isReadable) assert.deepEqual([await isReadable(a.url), await isReadable(b.url)], [false, true]);
      const again = await service.share(session('a'));
      if (isReadable) assert.equal(await isReadable(again.url), true);
    });

    test('has nothing against ending what is not shared', async ({ service }) => {
      await service.unshare(session('a'));
      const share = await service.share(session('a'));
      for (let time = 0; time < 2; time++) await service.unshare({ ...session('a'), share });
    });

    for (const title of ['', '../../etc/passwd', '<script>alert(1)</script>', "'; drop table", 'Ünïcödé 🙂 \u0000'])
      test(`stands the title ${JSON.stringify(title)}`, async ({ service }) => {
        const { url } = await service.share({ ...session('a'), title });
        assert.ok(URL.canParse(url), `no address: ${url}`);
      });
  });
}

function session(letter: string): Session {
  return {
    id: `ses_${letter.repeat(26)}`,
    slug: `slug-${letter}`,
    version: '1.2.6',
    projectID: 'global',
    directory: '/work',
    title: `Session ${letter}`,
    time: { created: 1, updated: 1 },
  };
}
