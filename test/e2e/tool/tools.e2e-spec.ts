import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plain, reply, scriptedProvider } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('built-in tools', () => {
  let world: RunWorld;
  let site: Server;
  let url: string;
  beforeAll(async () => {
    world = await RunWorld.start();
    site = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hi</h1>'));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  });
  afterEach(() => world.settle());
  afterAll(async () => {
    site.close();
    await world.close();
  });

  const result = (index: number) => plain(world.model.requests[index]!.body.messages.at(-1)!.content);

  it.each([
    ['build', 'question bash read glob grep edit write task webfetch todowrite skill'],
    ['plan', 'question bash read glob grep edit write task webfetch todowrite skill'],
    ['general', 'bash read glob grep edit write task webfetch skill'],
    ['explore', 'bash read glob grep webfetch'],
  ])('are offered to %s: %s', async (agent, expected) => {
    const place = await world.place();
    world.model.push(reply().text('Hello.'));
    await place.prompt(await place.session(), { agent, parts: [{ type: 'text', text: 'Hi' }] });
    expect(world.model.requests[0]!.tools.join(' ')).toBe(expected);
  });

  it('are listed in one order, whatever the model', async () => {
    const place = await world.place();
    const ids = (await place.get('/experimental/tool/ids')).body.join(' ');
    expect(ids).toBe(
      'invalid question bash read glob grep edit write task webfetch todowrite websearch codesearch skill apply_patch',
    );
    const list = async (query: string) => {
      const { body } = await place.get(`/experimental/tool?${query}`);
      return body.map(({ id }: { id: string }) => id).join(' ');
    };
    expect(await list('provider=none&model=m')).toBe(
      'invalid question bash read glob grep edit write task webfetch todowrite skill',
    );
    expect(await list('provider=opencode&model=gpt-5')).toBe(
      'invalid question bash read glob grep task webfetch todowrite websearch codesearch skill apply_patch',
    );
    expect((await place.get('/experimental/tool')).status).toBe(400);
  });

  it('are listed as models are told of them: with all skills and subagents of the project', async () => {
    const place = await world.place({
      config: { ...scriptedProvider(world.model), permission: { skill: { secret: 'deny' } } },
      files: {
        '.opencode/skill/brew/SKILL.md': '---\nname: brew\ndescription: Makes tea\n---\n\nBoil water.\n',
        '.opencode/skill/secret/SKILL.md': '---\nname: secret\ndescription: Hidden\n---\n\nShh.\n',
        '.opencode/agent/taster.md': '---\ndescription: Tastes tea\nmode: subagent\n---\n\nTaste.\n',
      },
    });
    const { body } = await place.get('/experimental/tool?provider=scripted&model=test');
    const about = (id: string) => body.find((tool: { id: string }) => tool.id === id).description;
    expect(about('skill')).toMatch(/\n- brew: Makes tea\n- secret: Hidden$/);
    expect(about('task')).toContain('\n- taster: Tastes tea');
    expect(about('task')).not.toContain('\n- build');
    world.model.push(reply().text('Hello.'));
    await place.prompt(await place.session(), 'Hi');
    const told = world.model.requests
      .at(-1)!
      .body.tools!.map(({ function: { name, description } }) => [name, description]);
    expect(Object.fromEntries(told)).toMatchObject({
      skill: about('skill').replace('\n- secret: Hidden', ''),
      task: about('task'),
    });
  });

  it('a model that knows patches changes files with them, under the rules for edits', async () => {
    const config = { ...world.modelNamed('gpt-5-x'), permission: { edit: { '*': 'allow', 'secret/*': 'deny' } } };
    const place = await world.place({ config, files: { 'a.txt': 'one\ntwo\n' }, git: true });
    const patch = (...lines: string[]) => ({ patchText: ['*** Begin Patch', ...lines, '*** End Patch'].join('\n') });
    world.model.push(
      reply().tool('apply_patch', patch('*** Update File: a.txt', '*** Move to: secret/a.txt', '@@', '-two', '+2')),
      reply().tool('apply_patch', patch('*** Update File: a.txt', '@@', '-two', '+2', '*** Add File: b/c.txt', '+new')),
      reply().text('Done.'),
    );
    const session = await place.session();
    await place.prompt(session, 'Change it');
    expect(world.model.requests[0]!.tools).toContain('apply_patch');
    expect(world.model.requests[0]!.tools).not.toContain('edit');
    expect(result(1)).toMatch(/^Error: The user has specified a rule which prevents/);
    const summary = 'Success. Updated the following files:\nM a.txt\nA b/c.txt';
    expect(result(2)).toBe(summary);
    expect([await place.project.read('a.txt'), await place.project.read('b/c.txt')]).toEqual(['one\n2\n', 'new\n']);
    const part = (await place.history(session))[2]!.parts.find(({ type }) => type === 'tool');
    expect(part.state).toMatchObject({ status: 'completed', title: summary, metadata: { files: [{}, {}] } });
    expect((await place.get(`/session/${session}/diff`)).body).toHaveLength(2);
  });

  it('a skill that the agent may load is told of, and read', async () => {
    const skill = (name: string) => `---\nname: ${name}\ndescription: About ${name}\n---\n\nDo ${name}.\n`;
    const place = await world.place({
      config: { ...scriptedProvider(world.model), permission: { skill: { secret: 'deny' } } },
      files: { '.opencode/skill/cook/SKILL.md': skill('cook'), '.opencode/skill/secret/SKILL.md': skill('secret') },
    });
    world.model.push(
      reply().tool('skill', { name: 'cook' }),
      reply().tool('skill', { name: 'secret' }),
      reply().tool('skill', { name: 'nope' }),
      reply().text('Done.'),
    );
    await place.prompt(await place.session(), 'Cook');
    const { description } = world.model.requests[0]!.body.tools!.find(
      ({ function: tool }) => tool.name === 'skill',
    )!.function;
    expect(description).toContain('- cook: About cook');
    expect(description).not.toContain('secret');
    expect(result(1)).toMatch(/^<skill_content name="cook">\n# Skill: cook\n\nDo cook\./);
    expect(result(2)).toContain('rule which prevents');
    expect(result(3)).toBe('Error: Skill "nope" not found. Available skills: cook, secret');
  });

  it('a page is fetched when its address is allowed', async () => {
    const place = await world.place();
    const rule = (pattern: string, action: string) => ({ permission: 'webfetch', pattern, action });
    const session = await place.session({ permission: [rule('*', 'deny'), rule('http://127.0.0.1:*', 'allow')] });
    world.model.push(
      reply().tool('webfetch', { url }),
      reply().tool('webfetch', { url: 'http://localhost:1/' }),
      reply().text('Done.'),
    );
    await place.prompt(session, 'Look');
    expect(result(1)).toBe('# Hi');
    expect(result(2)).toContain('rule which prevents');
  });
});
