import { utimes } from 'node:fs/promises';
import { Gate, reply, type TestReply } from '../../../src/testing.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

describe('a changed file', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const names = ({ body }: TestReply): string[] => body.map(({ name }: { name: string }) => name);
  const disposals = (place: Place) => place.events.all('server.instance.disposed').length;

  it.each([
    ['configuration', 'opencode.jsonc', '{"command":{"fresh":{"template":"x"}}}', '/command'],
    ['command', '.opencode/command/fresh.md', 'x', '/command'],
    ['agent', '.opencode/agents/fresh.md', 'x', '/agent'],
    ['mode', '.opencode/mode/fresh.md', 'x', '/agent'],
    ['skill', '.opencode/skill/fresh/SKILL.md', '---\nname: fresh\ndescription: d\n---\nx', '/skill'],
  ])('takes effect without a restart: %s', async (_kind, file, text, path) => {
    const place = await world.place();
    expect(names(await place.get(path))).not.toContain('fresh');
    await place.project.write(file, text);
    await until(async () => names(await place.get(path)).includes('fresh'), 'it takes effect');
    await place.events.ended();
    expect(disposals(place)).toBe(1);
  });

  it('that the configuration refers to takes effect too', async () => {
    const place = await world.place({ files: { 'name.txt': 'Ada' }, config: { username: '{file:./name.txt}' } });
    const username = async () => (await place.get('/config')).body.username;
    expect(await username()).toBe('Ada');
    await place.project.write('name.txt', 'Grace');
    await until(async () => (await username()) === 'Grace', 'it takes effect');
    await place.events.ended();
  });

  it('is noticed while somebody looks on and nobody asks', async () => {
    const place = await world.place();
    await place.get('/config');
    await place.project.write('opencode.jsonc', '{"theme":"new"}');
    await place.events.next('server.instance.disposed');
  });

  it('disposes nothing when it says the same', async () => {
    const place = await world.place({ files: { '.opencode/skill/s/SKILL.md': '---\nname: s\ndescription: d\n---\n' } });
    for (const path of ['/config', '/skill']) await place.get(path);
    await place.project.write('opencode.json', `// the same\n${await place.project.read('opencode.json')}`);
    await utimes(place.project.path('.opencode/skill/s/SKILL.md'), 1, 1);
    // what comes after it is noticed, so it was looked at
    await place.project.write('other.txt', '');
    await new Promise((resolve) => setTimeout(resolve, 400));
    await place.get('/config');
    await new Promise((resolve) => setTimeout(resolve, 400));
    await place.get('/config');
    expect(disposals(place)).toBe(0);
  });

  it('that is broken fails nothing that works, and is told of once', async () => {
    const place = await world.place();
    const before = (await place.get('/config')).body;
    const text = await place.project.read('opencode.json');
    await place.project.write('opencode.json', '{ broken');
    await until(async () => {
      await place.get('/config');
      return place.events.all('session.error').length > 0;
    }, 'it is told of');
    const [failure] = place.events.all('session.error');
    expect(failure!.properties['error'].data.message).toMatch(
      /^A change is not used: \/.*\/opencode\.json: \w+ at line 1, column 3$/,
    );
    for (let times = 0; times < 2; times++) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect((await place.get('/config')).body).toEqual(before);
    }
    expect(place.events.all('session.error')).toHaveLength(1);
    await place.project.write('opencode.json', text.replace('{', '{"theme":"mended",'));
    await until(async () => (await place.get('/config')).body.theme === 'mended', 'it takes effect');
  });

  it('that lacks what it refers to takes effect as soon as that is there', async () => {
    const place = await world.place();
    const username = async () => (await place.get('/config')).body.username;
    await username();
    await place.project.write('opencode.jsonc', '{"username":"{file:./later.txt}"}');
    await place.events.next('session.error');
    await place.project.write('later.txt', 'Grace');
    await until(async () => (await username()) === 'Grace', 'it takes effect');
  });

  it('that was broken from the start works as soon as it is repaired', async () => {
    const place = await world.place({ files: { 'opencode.jsonc': '{ broken' } });
    const broken = await place.get('/agent');
    expect([broken.status, broken.body.name, broken.body.data.path]).toEqual([
      ...[500, 'ConfigJsonError', place.project.path('opencode.jsonc')],
    ]);
    await place.project.write('opencode.jsonc', '{"agent":{"mended":{}}}');
    expect(names(await place.get('/agent'))).toContain('mended');
  });

  it('waits for the end of a run', async () => {
    const place = await world.place();
    const session = await place.session({ title: 'busy' });
    const gate = new Gate();
    world.model.push(reply().text('Wait').wait(gate).text('ing.'));
    const prompt = place.prompt(session, 'Go');
    await place.events.next(({ properties }) => properties['delta'] === 'Wait');
    await place.project.write('.opencode/agent/plan.md', '---\nmodel: scripted/test\n---\nYou are new.');
    // what the files say is shown at once, what runs goes on as it began
    const shown = async () => (await place.get('/config')).body.agent.plan?.prompt;
    await until(async () => (await shown()) === 'You are new.', 'it is shown');
    const plan = async () => (await place.get('/agent')).body.find(({ name }: { name: string }) => name === 'plan');
    expect((await plan()).prompt).toBeUndefined();
    expect(disposals(place)).toBe(0);
    gate.open();
    expect((await prompt).body.parts.find(({ type }: { type: string }) => type === 'text').text).toBe('Waiting.');
    await place.events.next('server.instance.disposed');
    expect((await plan()).prompt).toBe('You are new.');
  });

  it('changed by PATCH waits for it too', async () => {
    const plugin = `export const P = async () => ({ config: async (config) => {
      config.username = 'of the plugin';
      config.agent.extra = { prompt: 'p' };
      delete config.share;
    } });`;
    const place = await world.place({ files: { '.opencode/plugin/p.js': plugin }, config: { share: 'manual' } });
    const session = await place.session({ title: 'busy' });
    const gate = new Gate();
    world.model.push(reply().text('Wait').wait(gate));
    const prompt = place.prompt(session, 'Go');
    await place.events.next(({ properties }) => properties['delta'] === 'Wait');
    const request = {
      directory: place.directory,
      method: 'PATCH',
      json: { theme: 'patched', agent: { mine: { prompt: 'm' } } },
    };
    expect((await world.server.request('/config', request)).status).toBe(200);
    const { body } = await place.get('/config');
    expect(body).toMatchObject({ theme: 'patched', username: 'of the plugin' });
    expect(Object.keys(body.agent).sort()).toEqual(['extra', 'mine']);
    expect(body).not.toHaveProperty('share');
    expect(disposals(place)).toBe(0);
    gate.open();
    expect((await prompt).status).toBe(200);
    await place.events.next('server.instance.disposed');
    expect((await place.get('/config')).body).toEqual(body);
  });
});
