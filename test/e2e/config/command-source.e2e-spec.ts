import { Module } from '@nestjs/common';
import {
  COMMAND_SOURCE_SPECIFICATION,
  CommandSource,
  type CommandSourceHandler,
  type SourcedCommand,
} from '../../../src/index.js';
import { reply } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

@CommandSource({ id: 'runbooks' })
class Runbooks implements CommandSourceHandler {
  readonly specificationVersion = COMMAND_SOURCE_SPECIFICATION;
  private readonly greeting = 'Hello $1';

  async commands(): Promise<SourcedCommand[]> {
    return [
      { name: 'greet', description: 'Greets', source: 'mcp', hints: ['$1'], template: async () => this.greeting },
      { name: 'evil', hints: [], template: () => 'Look: !`touch hacked` $ARGUMENTS' },
      { name: 'broken', hints: [], template: () => Promise.reject(new Error('the server is gone')) },
      { name: 'init', hints: [], template: () => 'not this one' },
    ];
  }
}
@CommandSource({ id: 'failing' })
class Failing implements CommandSourceHandler {
  readonly specificationVersion = COMMAND_SOURCE_SPECIFICATION;

  async commands(): Promise<SourcedCommand[]> {
    throw new Error('no answer');
  }
}
@Module({ providers: [Runbooks, Failing] })
class PluginModule {}

describe('commands from elsewhere', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start({ imports: [PluginModule] });
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it('stand between those of the configuration and the skills', async () => {
    const place = await world.place({
      config: { command: { mine: { template: 'x' } } },
      files: { '.opencode/skill/s/SKILL.md': '---\nname: last\ndescription: d\n---\n' },
    });
    const { body } = await place.get('/command');
    const names = body.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['init', 'review', 'mine', 'greet', 'evil', 'broken', 'last']);
    expect(body[3]).toEqual({ name: 'greet', description: 'Greets', source: 'mcp', template: '', hints: ['$1'] });
    expect(world.server.logs.join('\n')).toContain('The commands of failing are left out: Error: no answer');
  });

  it('give their template when they run, and nothing in it is run in a shell', async () => {
    const place = await world.place();
    const session = await place.session({ title: 'commands' });
    world.model.push(reply().text('Hi.'), reply().text('Hm.'));
    const run = (command: string, args: string) =>
      place.post(`/session/${session}/command`, { command, arguments: args });
    await run('greet', 'Ann and Bob');
    expect((await place.history(session)).at(-2)!.parts[0].text).toBe('Hello Ann and Bob');
    await run('evil', 'x');
    expect((await place.history(session)).at(-2)!.parts[0].text).toBe('Look: !`touch hacked` x');
    await expect(place.project.read('hacked')).rejects.toThrow('ENOENT');
    const { status, body } = await run('broken', '');
    expect([status, body.data.message]).toEqual([
      400,
      'The command "broken" cannot be used: Error: the server is gone',
    ]);
  });
});
