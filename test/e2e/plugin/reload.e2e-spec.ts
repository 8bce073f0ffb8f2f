import { rm } from 'node:fs/promises';
import { Gate, reply } from '../../../src/testing.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

const PLUGIN = `
import { name } from './lib/name.js';
export const Subject = async () => ({ config: async (config) => { config.username = name; } });`;
const tool = (output: string) =>
  `export default { description: 'd', args: {}, execute: async () => ${JSON.stringify(output)} };`;

describe('an edited file of', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const username = async (place: Place): Promise<string> => (await place.get('/config')).body.username;
  const tools = async (place: Place): Promise<string[]> => (await place.get('/experimental/tool/ids')).body;
  const disposals = (place: Place) => place.events.all('server.instance.disposed').length;
  const failures = (place: Place): string[] =>
    place.events.all('session.error').map(({ properties }) => properties['error'].data.message);
  /** What a tool says when a model calls it. */
  const call = async (place: Place, name: string): Promise<string> => {
    world.model.push(reply().tool(name, {}), reply().text('Done.'));
    const session = await place.session({ title: 'Named' });
    await place.prompt(session, 'Go');
    const parts = (await place.history(session)).flatMap((message) => message.parts);
    return parts.find(({ type }) => type === 'tool').state.output;
  };

  it('a plugin takes effect, as does one that it imports', async () => {
    const place = await world.place({
      files: {
        '.opencode/plugin/subject.js': PLUGIN,
        '.opencode/plugin/lib/name.js': `export { name } from '../../../deep/name';`,
        'deep/name.ts': `export const name: string = 'first';`,
      },
    });
    expect(await username(place)).toBe('first');
    await place.project.write('deep/name.ts', `export const name: string = 'second';`);
    await until(async () => (await username(place)) === 'second', 'the imported file takes effect');
    await place.project.write('.opencode/plugin/subject.js', PLUGIN.replace('= name', '= name + "!"'));
    await place.project.write('deep/name.ts', `export const name: string = 'third';`);
    await until(async () => (await username(place)) === 'third!', 'both take effect');
    await place.events.ended();
  });

  it('a plugin of CommonJS takes effect in every project that has it', async () => {
    const shared = await world.place({
      files: {
        'p.js': `const { name } = require('./name.js');
          exports.Subject = async () => ({ config: async (config) => { config.username = name; } });`,
        'name.js': `exports.name = 'first';`,
      },
    });
    const config = { plugin: [shared.project.path('p.js')] };
    const places = [await world.place({ config }), await world.place({ config })];
    for (const place of places) expect(await username(place)).toBe('first');
    await shared.project.write('name.js', `exports.name = 'second';`);
    for (const place of places) await until(async () => (await username(place)) === 'second', 'it takes effect');
  });

  it('a package in a folder takes effect; what it writes there does not', async () => {
    const code = (name: string) => `
      import { writeFileSync } from 'node:fs';
      export const P = async () => {
        writeFileSync(new URL('./state-' + Date.now(), import.meta.url), '');
        return { config: async (config) => { config.username = '${name}'; } };
      };`;
    const files = { 'pack/package.json': '{"type":"module","main":"index.js"}', 'pack/index.js': code('first') };
    const place = await world.place({ files, config: { plugin: ['./pack'] } });
    for (let looks = 0; looks < 3; looks++) {
      expect(await username(place)).toBe('first');
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(disposals(place)).toBe(0);
    await place.project.write('pack/index.js', code('second'));
    await until(async () => (await username(place)) === 'second', 'the edit takes effect');
  });

  it('tools takes effect, and so do files that are added and removed', async () => {
    const place = await world.place({
      files: {
        '.opencode/tool/kept.js': tool('first'),
        '.opencode/tool/gone.js': tool('gone'),
        '.opencode/tool/broken.js': 'export default {',
      },
    });
    expect(await call(place, 'kept')).toBe('first');
    expect(await tools(place)).toEqual(expect.arrayContaining(['gone', 'kept']));
    await place.project.write('.opencode/tool/kept.js', tool('second'));
    await until(async () => (await place.get('/path')) && disposals(place) === 1, 'the instance is replaced');
    expect(await call(place, 'kept')).toBe('second');
    await rm(place.project.path('.opencode/tool/gone.js'));
    await place.project.write('.opencode/tools/fresh.js', tool('fresh'));
    await place.project.write('.opencode/tool/broken.js', tool('mended'));
    await until(async () => {
      const ids = await tools(place);
      return ids.includes('fresh') && ids.includes('broken') && !ids.includes('gone');
    }, 'the other files take effect');
  });

  it('a plugin or tool that is broken by it stays as it was, and is told of once', async () => {
    const files = {
      '.opencode/plugin/subject.js': PLUGIN,
      '.opencode/plugin/lib/name.js': `export const name = 'kept';`,
    };
    const place = await world.place({ files: { ...files, '.opencode/tool/t.js': tool('kept') } });
    expect(await tools(place)).toContain('t');
    await place.project.write('.opencode/plugin/lib/name.js', 'export const name =');
    await until(async () => (await username(place)) === 'kept' && failures(place).length === 1, 'it is told of');
    expect(failures(place)[0]).toMatch(/^A change is not used: \/.*\/plugin\/subject\.js: .*SyntaxError/s);
    await place.project.write('.opencode/tool/t.js', 'export const name =');
    await until(async () => (await username(place)) === 'kept' && failures(place).length === 2, 'it is told of');
    expect(failures(place)[1]).toMatch(/^A change is not used: \/.*\/tool\/t\.js: .*SyntaxError/s);
    expect(disposals(place)).toBe(0);
    await place.project.write('.opencode/plugin/lib/name.js', `export const name = 'mended';`);
    await until(async () => (await username(place)) === 'mended', 'it is mended');
    expect(failures(place)).toHaveLength(2);
  });

  it('a plugin waits for the end of a run', async () => {
    const files = {
      '.opencode/plugin/subject.js': PLUGIN,
      '.opencode/plugin/lib/name.js': `export const name = 'old';`,
    };
    const place = await world.place({ files });
    const session = await place.session({ title: 'busy' });
    const gate = new Gate();
    world.model.push(reply().text('Wait').wait(gate).text('ing.'));
    const prompt = place.prompt(session, 'Go');
    await place.events.next(({ properties }) => properties['delta'] === 'Wait');
    await place.project.write('.opencode/plugin/lib/name.js', `export const name = 'new';`);
    for (let looks = 0; looks < 2; looks++) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await username(place)).toBe('old');
    }
    gate.open();
    expect((await prompt).status).toBe(200);
    await place.events.next('server.instance.disposed');
    expect(await username(place)).toBe('new');
  });
});
