import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TemporaryProject, TestServer } from '../../../src/testing.js';

const skill = (name: string, description = 'helps', body = 'Body') =>
  `---\nname: ${name}\ndescription: ${description}\n---\n\n${body}\n`;

describe('skills', () => {
  let server: TestServer;
  let project: TemporaryProject;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterEach(() => project.remove());
  afterAll(() => server.close());

  const get = async (path: string, directory = project.directory) => (await server.request(path, { directory })).body;
  async function put(path: string, content: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  it('are found in every place, and a later one hides an earlier one of the same name', async () => {
    project = await TemporaryProject.create({
      git: true,
      files: {
        'sub/a.txt': '',
        'sub/.claude/skills/one/SKILL.md': skill('one', 'inner: with a colon', 'Do $1'),
        '.agents/skills/deep/er/two/SKILL.md': skill('two'),
        'sub/.opencode/skill/three/SKILL.md': skill('three', 'inner'),
        '.opencode/skills/three/SKILL.md': skill('three', 'outer wins'),
        'more/four/SKILL.md': skill('four'),
        '.opencode/skill/nameless/SKILL.md': '---\ndescription: no name\n---\n',
        '.opencode/skill/other/README.md': skill('not a skill'),
        'opencode.json': JSON.stringify({ skills: { paths: ['../more', '~/mine', './gone'] } }),
      },
    });
    await put(join(server.home, '.claude/skills/one/SKILL.md'), skill('one', 'hidden by that of the project'));
    await put(join(server.home, 'mine/five/SKILL.md'), skill('five'));
    await symlink(project.path('more/four'), project.path('.opencode/skill/linked'));
    const skills = await get('/skill', project.path('sub'));
    expect(skills).toEqual([
      {
        name: 'one',
        description: 'inner: with a colon',
        location: project.path('sub/.claude/skills/one/SKILL.md'),
        content: '\nDo $1\n',
      },
      expect.objectContaining({ name: 'two', location: project.path('.agents/skills/deep/er/two/SKILL.md') }),
      expect.objectContaining({ name: 'three', description: 'outer wins' }),
      expect.objectContaining({ name: 'four', location: project.path('more/four/SKILL.md') }),
      expect.objectContaining({ name: 'five' }),
    ]);
    expect(server.logs.join('\n')).toContain(`there is no folder ${project.path('sub/gone')}`);
    expect(server.logs.join('\n')).toContain('The skill one is there twice');

    const commands = await get('/command', project.path('sub'));
    expect(commands.at(-5)).toEqual({
      ...{ name: 'one', description: 'inner: with a colon', source: 'skill', template: '\nDo $1\n', hints: [] },
    });
    const [build] = await get('/agent', project.path('sub'));
    expect(build.permission).toContainEqual({
      ...{ permission: 'external_directory', action: 'allow', pattern: `${project.path('more/four')}/*` },
    });
  });

  it('are left out, and told of, when their front matter is broken', async () => {
    project = await TemporaryProject.create({
      files: { '.opencode/skill/bad/SKILL.md': '---\nname: "x\n---\n', '.opencode/skill/good/SKILL.md': skill('good') },
    });
    const events = await server.events({ directory: project.directory });
    const names = (await get('/skill')).map(({ name }: { name: string }) => name);
    expect(names).toContain('good');
    const { properties } = await events.next('session.error');
    expect(properties['sessionID']).toBeUndefined();
    expect(properties['error'].data.message).toMatch(
      new RegExp(`^The skill ${project.path('.opencode/skill/bad/SKILL.md')} is left out: .*line 1`),
    );
  });
});
