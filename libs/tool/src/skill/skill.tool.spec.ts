import { pathToFileURL } from 'node:url';
import type { Agent, PermissionRuleset } from '#libs/contract';
import { ToolWorld } from '../tool-world.fixture.js';

const skill = (name: string, body = 'Do it.') =>
  `---\nname: ${name}\ndescription: |\n  For ${name}\n  things\n---\n\n${body}\n`;
const agent = (permission: PermissionRuleset): Agent => ({ name: 'a', mode: 'primary', options: {}, permission });

describe('skill', () => {
  let world: ToolWorld;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());
  const describeFor = async (permission: PermissionRuleset) =>
    (await world.registry.find(world.instance, 'skill'))!.describe({
      instance: world.instance,
      agent: agent(permission),
    });

  it('gives the instructions and names some of the files', async () => {
    await world.write('.opencode/skill/my-skill/SKILL.md', skill('my-skill', 'First this.\n\nThen that.'));
    const script = await world.write('.opencode/skill/my-skill/scripts/a.sh', '');
    const dir = world.path('.opencode/skill/my-skill');
    const result = await world.run('skill', { name: 'my-skill' });
    expect(result).toMatchObject({
      title: 'Loaded skill: my-skill',
      metadata: { name: 'my-skill', dir, truncated: false },
    });
    const { output } = result;
    expect(output).toMatch(
      /^<skill_content name="my-skill">\n# Skill: my-skill\n\nFirst this\.\n\nThen that\.\n\nBase /,
    );
    expect(output).toContain(`\nBase directory for this skill: ${pathToFileURL(dir).href}\n`);
    expect(output).toMatch(
      new RegExp(`\\n\\n<skill_files>\\n<file>${script}</file>\\n</skill_files>\\n</skill_content>$`),
    );
    expect(world.asks).toEqual([{ permission: 'skill', patterns: ['my-skill'], always: ['my-skill'], metadata: {} }]);
  });

  it('names at most ten files, hidden and ignored ones too', async () => {
    await world.write('.opencode/skill/big/SKILL.md', skill('big'));
    await world.write('.opencode/skill/big/.gitignore', '*');
    for (let index = 0; index < 11; index++) await world.write(`.opencode/skill/big/.f${index}`, '');
    const { output } = await world.run('skill', { name: 'big' });
    expect(output.match(/<file>/g)).toHaveLength(10);
    expect(output).not.toContain('SKILL.md<');
  });

  it('names the skills when there is none of that name, without asking', async () => {
    expect(await world.fail('skill', { name: 'nope' })).toBe('Skill "nope" not found. Available skills: none');
    await world.close();
    world = await ToolWorld.create();
    await world.write('.opencode/skill/a/SKILL.md', skill('a'));
    await world.write('.opencode/skill/b/SKILL.md', skill('b'));
    expect(await world.fail('skill', { name: 'nope' })).toBe('Skill "nope" not found. Available skills: a, b');
    expect(world.asks).toEqual([]);
  });

  it('tells each agent of the skills that it may load', async () => {
    await world.write('.opencode/skill/a/SKILL.md', skill('a'));
    await world.write('.opencode/skill/b/SKILL.md', skill('b'));
    expect(await describeFor([])).toMatch(/\n- a: For a things\n- b: For b things$/);
    expect(await describeFor([{ permission: 'skill', pattern: 'a', action: 'deny' }])).toMatch(/:\n- b: For b things$/);
    expect(await describeFor([{ permission: '*', pattern: '*', action: 'deny' }])).toMatch(/No skills are available/);
  });
});
