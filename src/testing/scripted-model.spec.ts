import { Gate, reply } from './scripted-reply.js';
import { type ChatMessage, plain, ScriptedModel } from './scripted-model.js';

describe('ScriptedModel', () => {
  let model: ScriptedModel;
  beforeEach(async () => {
    model = await ScriptedModel.start();
  });
  afterEach(() => model.close());

  const ask = (body: object = {}, signal?: AbortSignal) =>
    fetch(`${model.baseURL}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'test', stream: true, messages: [], ...body }),
      signal: signal ?? null,
    });
  const system = (content: string): ChatMessage[] => [{ role: 'system', content }];

  /** The chunks of a stream, without `[DONE]`. */
  async function chunks(response: Response) {
    const frames = (await response.text()).split('\n\n').filter((frame) => frame !== '');
    expect(frames.at(-1)).toBe('data: [DONE]');
    return frames.slice(0, -1).map((frame) => JSON.parse(frame.slice('data: '.length)));
  }

  it('streams reasoning, text and usage', async () => {
    model.push(reply().reasoning('Hm.').text('Hel', 'lo').usage({ prompt_tokens: 3, completion_tokens: 4 }));
    const all = await chunks(await ask());
    const deltas = all.flatMap((chunk) => chunk.choices).map((choice) => choice.delta);
    expect(deltas.map((delta) => delta.reasoning_content ?? '').join('')).toBe('Hm.');
    expect(deltas.map((delta) => delta.content ?? '').join('')).toBe('Hello');
    expect(all.flatMap((chunk) => chunk.choices).at(-1).finish_reason).toBe('stop');
    expect(all.at(-1).usage).toEqual({ prompt_tokens: 3, completion_tokens: 4 });
    expect(model.requests[0]).toMatchObject({ body: { model: 'test' }, tools: [] });
  });

  it('calls tools in parallel, arguments in pieces', async () => {
    model.push(
      reply().tools({ name: 'read', arguments: { filePath: 'a' } }, { name: 'bash', arguments: ['{"com', 'x'] }),
    );
    const choices = (await chunks(await ask())).flatMap((chunk) => chunk.choices);
    const calls = choices.flatMap((choice) => choice.delta.tool_calls ?? []);
    const text = (index: number) =>
      calls
        .filter((call) => call.index === index)
        .map((call) => call.function.arguments)
        .join('');
    expect(calls.slice(0, 2)).toMatchObject([
      { id: 'call_1', function: { name: 'read' } },
      { id: 'call_2', function: { name: 'bash' } },
    ]);
    expect([text(0), text(1)]).toEqual(['{"filePath":"a"}', '{"comx']);
    expect(choices.at(-1).finish_reason).toBe('tool_calls');
  });

  it('answers at once when no stream is asked for', async () => {
    model.push(reply().text('a', 'b').tool('read', { x: 1 }));
    const body = (await (await ask({ stream: false })).json()) as { choices: unknown[] };
    expect(body.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: 'ab', tool_calls: [{ id: 'call_1', function: { name: 'read', arguments: '{"x":1}' } }] },
    });
  });

  it('answers title requests by itself, and what it was told to', async () => {
    model.always(
      ({ messages }) => plain(messages[0]?.content ?? '').includes('poem'),
      () => reply().text('Roses'),
    );
    expect(await (await ask({ messages: system('You write a title.') })).text()).toContain('A scripted title');
    expect(await (await ask({ messages: system('Write a poem.') })).text()).toContain('Roses');
    expect([model.requests.length, model.asides.length]).toEqual([0, 2]);
  });

  it('fails as told, and when nothing is scripted', async () => {
    model.push(reply().fail(429, 'Slow down', { 'retry-after': '1' }));
    const failed = await ask();
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await failed.json()).toMatchObject({ error: { message: 'Slow down' } });
    const missing = await ask();
    expect([missing.status, await missing.text()]).toEqual([400, expect.stringContaining('no reply was scripted')]);
  });

  it('waits for a gate, and notices when the client leaves', async () => {
    const gate = new Gate();
    model.push(reply().text('a').wait(gate).text('b'), reply().text('a').hang());
    const answer = await ask();
    gate.open();
    expect(await answer.text()).toContain('"b"');

    const leaving = new AbortController();
    await ask({}, leaving.signal);
    const request = await model.request(2);
    leaving.abort();
    await request.ended;
    expect([model.requests[0]?.aborted, request.aborted]).toEqual([false, true]);
  });

  it('breaks streams', async () => {
    model.push(reply().text('a').raw('data: {nope\n\n'), reply().text('a').reset());
    expect(await (await ask()).text()).toContain('data: {nope\n\n');
    const cut = await ask();
    await expect(cut.text()).rejects.toThrow();
  });
});
