import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import assert from 'node:assert/strict';
import type { Model } from '#libs/contract';
import {
  type Closable,
  type ContractRunner,
  declareContract,
  globalRunner,
  type LanguageModelProvider,
  MODEL_PROVIDER_SPECIFICATION,
  type ModelProviderContext,
  within,
} from '#libs/extension';
import { Instance } from '#libs/instance';
import { declaredModel } from '../connected/declared-model.js';

/** Milliseconds in which a provider has to say which models it has, as in the server. */
const LIST_LIMIT = 1_500;
/** Milliseconds an answer, or the end of one that was aborted, may take. */
const ANSWER_LIMIT = 30_000;

/** @publicApi */
export interface ModelProviderUnderTest extends Closable {
  provider: LanguageModelProvider;
  /** The id in its `@ModelProvider()`. */
  id: string;
  /** What makes it usable: a key, options. */
  context?: Partial<ModelProviderContext>;
}

/**
 * Declares the tests that every provider of language models must pass. They make real calls of its first model, so
 * give it a server that answers.
 *
 * @param name of the provider, for the report
 * @param open called once per test
 * @param runner where the tests are declared; default: the global `describe` and `it`
 * @example
 * modelProviderContract('Acme', async () => ({ id: 'acme', provider: new AcmeProvider(), context: { key: 'test' } }));
 * @publicApi
 */
export function modelProviderContract(
  name: string,
  open: () => Promise<ModelProviderUnderTest>,
  runner: ContractRunner = globalRunner(),
): void {
  const openWorld = async (): Promise<World> => {
    const { provider, id, context = {}, close } = await open();
    const instance = new Instance('/', { worktree: '/', project: PROJECT });
    return { provider, id, context: { instance, options: {}, ...context }, ...(close && { close }) };
  };
  const heading = `${name} keeps the contract of model providers`;
  declareContract(heading, { open: openWorld, runner }, (test) => {
    test('speaks this version of the interface', async ({ provider }) => {
      assert.equal(provider.specificationVersion, MODEL_PROVIDER_SPECIFICATION);
    });

    test('lists models with distinct ids and sensible limits, soon and every time', async ({ provider, context }) => {
      const began = performance.now();
      const models = await provider.models(context);
      assert.ok(performance.now() - began < LIST_LIMIT, `models() took longer than ${LIST_LIMIT} ms`);
      assert.ok(models.length > 0, 'no models: give the context what makes the provider usable');
      const ids = models.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, `twice the same id: ${ids.join(', ')}`);
      for (const { id, name, limit } of models) {
        assert.ok(id !== '' && name !== '', 'a model needs an id and a name');
        for (const tokens of Object.values(limit ?? {}) as number[])
          assert.ok(Number.isSafeInteger(tokens) && tokens >= 0, `a limit of ${id} is no number of tokens: ${tokens}`);
      }
      assert.deepEqual((await provider.models(context)).map(({ id }) => id).sort(), ids.sort());
    });

    test('streams an answer whose parts begin and end, and finishes with its use', async (world) => {
      const parts = await answer(await languageModel(world), {});
      assert.deepEqual(violations(parts), []);
      const finish = parts.at(-1);
      assert.equal(finish?.type, 'finish', `the last part is ${finish?.type}`);
      const { inputTokens, outputTokens } = finish.usage;
      for (const { total } of [inputTokens, outputTokens])
        assert.ok(total === undefined || total >= 0, `no number of tokens: ${total}`);
    });

    test('answers again with the same model object', async (world) => {
      const model = await languageModel(world);
      for (let turn = 0; turn < 2; turn++) assert.equal((await answer(model, {})).at(-1)?.type, 'finish');
    });

    test('ends soon when the call is aborted', async (world) => {
      const model = await languageModel(world);
      const abort = new AbortController();
      abort.abort();
      // to reject, to break off and to end early are all right; to wait is not
      await answer(model, { abortSignal: abort.signal }).catch(() => undefined);
    });
  });
}

const PROJECT = { id: 'global', worktree: '/', time: { created: 0, updated: 0 }, sandboxes: [] };

interface World extends Closable {
  provider: LanguageModelProvider;
  id: string;
  context: ModelProviderContext;
}

async function languageModel({ provider, id, context }: World): Promise<LanguageModelV4> {
  const [first] = await provider.models(context);
  assert.ok(first, 'no models: give the context what makes the provider usable');
  const declared: Model = declaredModel(id, first);
  const model = await provider.languageModel(declared, context);
  assert.equal(typeof model.doStream, 'function', 'languageModel() gives no AI SDK language model');
  return model;
}

async function answer(
  model: LanguageModelV4,
  options: Partial<LanguageModelV4CallOptions>,
): Promise<LanguageModelV4StreamPart[]> {
  const parts: LanguageModelV4StreamPart[] = [];
  const reading = (async () => {
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Say hello.' }] }];
    const { stream } = await model.doStream({ prompt, ...options });
    for await (const part of stream) parts.push(part);
    return parts;
  })();
  return within(ANSWER_LIMIT, reading, 'doStream()');
}

/** What is wrong with the order of parts. */
function violations(parts: readonly LanguageModelV4StreamPart[]): string[] {
  const open = new Set<string>();
  const found: string[] = [];
  for (const part of parts) {
    const [, kind, step] = /^(text|reasoning|tool-input)-(start|delta|end)$/.exec(part.type) ?? [];
    if (kind === undefined || !('id' in part)) continue;
    const name = `${kind} ${part.id}`;
    if (step === 'start') {
      if (open.has(name)) found.push(`${name} begins twice`);
      open.add(name);
    } else if (!open.has(name)) found.push(`${name} has a ${step} and is not open`);
    if (step === 'end') open.delete(name);
  }
  return [...found, ...[...open].map((name) => `${name} never ends`)];
}
