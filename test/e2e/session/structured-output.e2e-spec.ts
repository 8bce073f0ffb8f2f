import { plain, reply } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { RunWorld } from '../../helpers/run-world.js';

const SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'integer', minimum: 1 } },
  required: ['city', 'people'],
  additionalProperties: false,
};
const GOOD = { city: 'Kyiv', people: 3_000_000 };

describe('structured output', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const ask = (schema: object = SCHEMA, more: object = {}) => ({
    parts: [{ type: 'text', text: 'Which city?' }],
    format: { type: 'json_schema', schema, ...more },
  });

  it('is taken from the call of a tool, and ends the turn', async () => {
    const place = await world.place();
    world.model.push(reply().tool('StructuredOutput', GOOD));
    const session = await place.session();
    const { status, body } = await place.prompt(session, ask());
    expect(status).toBe(200);
    expect(body.info).toMatchObject({ structured: GOOD, finish: 'tool-calls' });
    expect(body.info.error).toBeUndefined();
    expect(body.parts.find(({ type }: { type: string }) => type === 'tool').state).toMatchObject({
      status: 'completed',
      input: GOOD,
      title: 'Structured Output',
      metadata: { valid: true },
    });
    expect(place.tale(session)).toEqual([
      ...STEP.prompt('Which city?'),
      ...STEP.open,
      'part StructuredOutput pending',
      'part StructuredOutput running',
      'part StructuredOutput completed',
      ...STEP.close('tool-calls'),
      ...STEP.end,
    ]);
    const { body: request, tools } = world.model.requests[0]!;
    expect(tools).toEqual(expect.arrayContaining(['read', 'StructuredOutput']));
    expect(request['tool_choice']).toBe('required');
    const { $schema: _draft, ...parameters } = SCHEMA;
    expect(request.tools!.at(-1)!.function.parameters).toEqual(parameters);
    expect(plain(request.messages[0]!.content)).toContain('StructuredOutput');

    const [user] = await place.history(session);
    expect(user!.info.format).toEqual({ type: 'json_schema', schema: SCHEMA, retryCount: 2 });
    world.model.push(reply().text('Plain again.'));
    await place.prompt(session, 'And now text');
    expect(world.model.requests[1]!.tools).not.toContain('StructuredOutput');
  });

  it('may use other tools first', async () => {
    const place = await world.place();
    world.model.push(reply().tool('glob', { pattern: '*.none' }), reply().tool('StructuredOutput', GOOD));
    const { body } = await place.prompt(await place.session(), ask());
    expect(body.info.structured).toEqual(GOOD);
  });

  it('is asked for again with what was wrong', async () => {
    const place = await world.place();
    world.model.push(
      reply().tool('StructuredOutput', { city: 1, more: true }),
      reply().text('Kyiv.'),
      reply().tool('StructuredOutput', GOOD),
    );
    const session = await place.session();
    const { body } = await place.prompt(session, ask());
    expect(body.info.structured).toEqual(GOOD);
    const told = plain(world.model.requests[1]!.body.messages.at(-1)!.content);
    expect(told).toMatch(/people.*\/city must be string/s);
    expect(plain(world.model.requests[2]!.body.messages.at(-1)!.content)).toMatch(/Call the tool StructuredOutput now/);
  });

  it('ends in an error when it does not come', async () => {
    const place = await world.place();
    world.model.push(reply().text('Kyiv.'), reply().tool('StructuredOutput', {}));
    const session = await place.session();
    const { status, body } = await place.prompt(session, ask(SCHEMA, { retryCount: 1 }));
    expect(status).toBe(200);
    expect(body.info.error).toEqual({
      name: 'StructuredOutputError',
      data: { message: expect.stringMatching(/^Model did not produce structured output.*city/s), retries: 1 },
    });
    expect(place.story(session)).not.toContain('session.error StructuredOutputError');
    expect(place.story(session).slice(-2)).toEqual(['idle', 'session.idle']);
    const once = await place.session();
    world.model.push(reply().text('Kyiv.'));
    expect((await place.prompt(once, ask(SCHEMA, { retryCount: 0 }))).body.info.error).toEqual({
      name: 'StructuredOutputError',
      data: { message: 'Model did not produce structured output', retries: 0 },
    });
    expect((await place.get(`/session/${session}/message`)).status).toBe(200);
  });

  it.each([
    ['is no schema', { type: 'object', properties: { a: { type: 'nonsense' } } }],
    ['refers to what is not there', { type: 'object', properties: { a: { $ref: '#/$defs/none' } } }],
    ['describes no object', { type: 'array', items: {} }],
  ])('is refused when the schema %s', async (_, schema) => {
    const place = await world.place();
    const session = await place.session();
    const { status } = await place.prompt(session, ask(schema));
    expect(status).toBe(400);
    expect(await place.history(session)).toEqual([]);
  });
});
