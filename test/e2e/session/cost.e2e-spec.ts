import { reply } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('the cost of an answer', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it.each([
    ['up to', { input: 200_000, cached: 0, output: 100, reasoning: 33 }, 0.6 + 0.0015 + 0.000495],
    ['above', { input: 200_001, cached: 100_000, output: 1, reasoning: 0 }, 0.600006 + 0.2 + 0.00002],
  ])('%s 200,000 tokens of input', async (_, { input, cached, output, reasoning }, cost) => {
    const place = await world.place({
      config: {
        provider: {
          scripted: {
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: world.model.baseURL, apiKey: 'k' },
            models: {
              test: {
                limit: { context: 1_000_000, input: 900_000, output: 8_192 },
                cost: {
                  input: 3,
                  output: 15,
                  cache_read: 1,
                  context_over_200k: { input: 6, output: 20, cache_read: 2 },
                },
              },
            },
          },
        },
      },
    });
    const { providers } = (await place.get('/config/providers')).body;
    const { models } = providers.find(({ id }: { id: string }) => id === 'scripted');
    expect(models.test.limit).toEqual({ context: 1_000_000, input: 900_000, output: 8_192 });
    expect(models.test.cost.experimentalOver200K).toEqual({ input: 6, output: 20, cache: { read: 2, write: 0 } });
    world.model.push(
      reply()
        .text('Hi.')
        .usage({
          prompt_tokens: input,
          completion_tokens: output,
          total_tokens: input + output,
          prompt_tokens_details: { cached_tokens: cached },
          completion_tokens_details: { reasoning_tokens: reasoning },
        }),
    );
    const { body } = await place.prompt(await place.session(), 'Hi');
    expect(body.info.cost).toBeCloseTo(cost, 9);
  });
});
