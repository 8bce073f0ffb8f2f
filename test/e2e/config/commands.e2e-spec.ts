import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reply } from '../../../src/testing.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

describe('a command', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  /** Runs `/it` and gives the prompt that it became. */
  async function prompt(place: Place, replies: number, body: object = {}) {
    for (let each = 0; each < replies; each++) world.model.push(reply().text('Ok.'));
    const session = await place.session({ title: 'Named' });
    const { status } = await place.post(`/session/${session}/command`, { command: 'it', arguments: '', ...body });
    expect(status).toBe(200);
    return (await place.history(session))[0]!;
  }

  it.each([
    ['subagent', undefined, true],
    ['subagent', true, true],
    ['subagent', false, false],
    ['primary', undefined, false],
    ['primary', true, true],
    ['primary', false, false],
    ['all', undefined, false],
    ['all', true, true],
  ])('of an agent that is %s, with subtask: %s, is handed on: %s', async (mode, subtask, handed) => {
    const command = { it: { template: 'Do it', agent: 'own', ...(subtask !== undefined && { subtask }) } };
    const place = await world.place({ config: { command, agent: { own: { mode } } } });
    const { parts } = await prompt(place, handed ? 2 : 1);
    expect(parts.map(({ type }) => type)).toEqual([handed ? 'subtask' : 'text']);
    expect(parts[0]).toMatchObject(handed ? { agent: 'own', command: 'it', prompt: 'Do it' } : { text: 'Do it' });
  });

  it.each([
    ['its own', { agent: 'plan' }, { agent: 'own' }, 'plan'],
    ['that of the request', {}, { agent: 'own' }, 'own'],
    ['the default one', {}, {}, 'build'],
  ])('takes %s agent', async (_, more, body, agent) => {
    const command = { it: { template: 'Do it', ...more } };
    const place = await world.place({ config: { command, agent: { own: { mode: 'primary' } } } });
    expect((await prompt(place, 1, body)).info.agent).toBe(agent);
  });

  it('attaches what its text names, each once, and keeps the text', async () => {
    const template = 'See @notes.txt, @notes.txt and @docs, @~/mine.txt, @explore and @nobody at me@example.com';
    const place = await world.place({
      config: { command: { it: { template } } },
      files: { 'notes.txt': 'noted', 'docs/a.md': 'a' },
    });
    await mkdir(world.server.home, { recursive: true });
    await writeFile(join(world.server.home, 'mine.txt'), 'mine');
    const { parts } = await prompt(place, 1);
    expect(parts[0].text).toBe(template);
    const named = parts.filter(({ type }) => type !== 'text');
    expect(named.map(({ type, mime, filename, name }) => [type, mime ?? name, filename])).toEqual([
      ['file', 'text/plain', 'notes.txt'],
      ['file', 'application/x-directory', 'docs'],
      ['file', 'text/plain', '~/mine.txt'],
      ['agent', 'explore', undefined],
    ]);
  });

  it('runs its snippets at the same time, whatever they end with', async () => {
    const wait = (own: string, other: string) =>
      `!\`touch ${own}; until [ -e ${other} ]; do sleep 0.01; done; echo ${own}\``;
    const template = `${wait('one', 'two')} ${wait('two', 'one')} !\`echo shown; echo not >&2; exit 3\` !\`if\``;
    const place = await world.place({ config: { command: { it: { template } } } });
    const [part] = (await prompt(place, 1)).parts;
    expect(part.text).toBe('one\n two\n shown');
  });
});
