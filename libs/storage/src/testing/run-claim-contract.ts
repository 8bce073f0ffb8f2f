import assert from 'node:assert/strict';
import { assertSame } from './assert-same.js';
import { type ContractRunner, declareContract, globalRunner, type RunClaimStore } from '#libs/extension';

/** The claims of two servers over the same data, with a stored session that nobody works on. @publicApi */
export interface RunClaimServers {
  sessionID: string;
  one: RunClaimStore;
  other: RunClaimStore;
  /** Ends the first server, as if its process were gone; its store is not used any more. */
  endOne: () => Promise<void> | void;
  close: () => Promise<void> | void;
}

/** @publicApi */
export type OpenRunClaims = () => Promise<RunClaimServers>;

/**
 * Declares the tests that every {@link RunClaimStore} must pass.
 *
 * @param open called once per test
 * @param runner where the tests are declared; default: the global `describe` and `it`
 * @publicApi
 */
export function runClaimContract(name: string, open: OpenRunClaims, runner: ContractRunner = globalRunner()): void {
  declareContract(`${name} keeps the contract of run claims`, { open, runner }, (test) => {
    test('lets one server work on a session at a time', async ({ sessionID, one, other }) => {
      assert.deepEqual([await one.find(sessionID), await other.find(sessionID)], ['none', 'none']);
      assert.equal(await one.claim(sessionID), true);
      assert.equal(await one.claim(sessionID), true);
      assert.deepEqual([await one.find(sessionID), await other.find(sessionID)], ['own', 'other']);
      assert.equal(await other.claim(sessionID), false);
      await other.release(sessionID);
      assert.deepEqual([await one.find(sessionID), await other.find(sessionID)], ['own', 'other']);
      await one.release(sessionID);
      assert.deepEqual([await one.find(sessionID), await other.find(sessionID)], ['none', 'none']);
      assert.equal(await other.claim(sessionID), true);
      assert.equal(await one.find(sessionID), 'other');
    });

    test('takes nothing of a session that was removed', async ({ one, other }) => {
      assert.equal(await one.claim('ses_gone'), true);
      assert.deepEqual([await one.find('ses_gone'), await other.find('ses_gone')], ['none', 'none']);
    });

    test('lists what others work on, and carries the wish to end it to them, once', async ({
      sessionID,
      one,
      other,
    }) => {
      assertSame([await one.listOthers(), await other.listOthers()], [[], []]);
      assert.deepEqual([await one.askToEnd(sessionID), await other.askToEnd(sessionID)], [false, false]);
      await one.claim(sessionID);
      assertSame([await one.listOthers(), await other.listOthers()], [[], [sessionID]]);
      assertSame(await one.takeAskedToEnd(), []);
      assert.deepEqual([await one.askToEnd(sessionID), await other.askToEnd(sessionID)], [false, true]);
      assertSame(await other.takeAskedToEnd(), []);
      assertSame([await one.takeAskedToEnd(), await one.takeAskedToEnd()], [[sessionID], []]);
      // a wish ends with the work
      await other.askToEnd(sessionID);
      await one.release(sessionID);
      await one.claim(sessionID);
      assertSame(await one.takeAskedToEnd(), []);
    });

    test('knows nothing of sessions that nobody took', async ({ one }) => {
      assert.equal(await one.find('ses_unknown'), 'none');
      await one.release('ses_unknown');
    });

    test('gives the session of a server that is gone to the next', async ({ sessionID, one, other, endOne }) => {
      await one.claim(sessionID);
      await endOne();
      assert.equal(await other.find(sessionID), 'lost');
      assertSame([await other.listOthers(), await other.askToEnd(sessionID)], [[], false]);
      assert.equal(await other.claim(sessionID), true);
      assert.equal(await other.find(sessionID), 'own');
      await other.release(sessionID);
      assert.equal(await other.find(sessionID), 'none');
    });
  });
}
