import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SkillService } from '#libs/config';
import type { Agent, Skill } from '#libs/contract';
import {
  AgentTool,
  type AgentToolHandler,
  type ToolContext,
  type ToolDescriptionContext,
  type ToolResult,
} from '#libs/extension';
import { RipgrepRunner, WITHOUT_GIT } from '#libs/file';
import { evaluate } from '#libs/permission';
import { SkillInput } from './skill-input.dto.js';

/** Files of a skill that are named. */
const MAX_FILES = 10;

const DESCRIPTION = `Loads a skill: instructions for a certain kind of task, written by the user or the project, often with scripts and references beside them.

Load a skill as soon as the task fits what it is said to be for, before you begin, and follow it.`;

/** Gives the model the instructions of a skill. */
@AgentTool({ id: 'skill', description: DESCRIPTION, input: SkillInput })
export class SkillTool implements AgentToolHandler<SkillInput> {
  constructor(
    private readonly skills: SkillService,
    private readonly ripgrep: RipgrepRunner,
  ) {}

  /** With the skills that the agent may load. */
  async describe({ instance, agent }: ToolDescriptionContext): Promise<string> {
    const skills = (await this.skills.list(instance)).filter(({ name }) => mayLoad(agent, name));
    if (skills.length === 0) return `${DESCRIPTION}\n\nNo skills are available here.`;
    const lines = skills.map(({ name, description }) => `- ${name}: ${description.replaceAll(/\s+/g, ' ').trim()}`);
    return `${DESCRIPTION}\n\nAvailable skills:\n${lines.join('\n')}`;
  }

  async execute({ name }: SkillInput, context: ToolContext): Promise<ToolResult> {
    const { instance } = context;
    const skill = await this.skills.find(instance, name);
    if (!skill) {
      const names = (await this.skills.list(instance)).map((each) => each.name);
      throw new Error(`Skill "${name}" not found. Available skills: ${names.join(', ') || 'none'}`);
    }
    await context.ask({ permission: 'skill', patterns: [name], always: [name], metadata: {} });
    const dir = dirname(skill.location);
    const output = render(skill, dir, await this.filesOf(dir, skill, context.signal));
    return { title: `Loaded skill: ${name}`, output, metadata: { name, dir } };
  }

  /** Some of the files beside the instructions, as a sample. */
  private async filesOf(directory: string, { location }: Skill, signal: AbortSignal): Promise<string[]> {
    const files: string[] = [];
    const onRecord = (file: string) => {
      const path = join(directory, file);
      if (path !== location) files.push(path);
      return files.length < MAX_FILES;
    };
    const args = ['--files', '--hidden', '--no-ignore', '--null', WITHOUT_GIT];
    await this.ripgrep.search({ args, directory, separator: '\0', onRecord }, signal);
    return files;
  }
}

const mayLoad = (agent: Agent | undefined, name: string) =>
  evaluate('skill', name, agent?.permission ?? []).action !== 'deny';

function render({ name, content }: Skill, directory: string, files: readonly string[]): string {
  return [
    `<skill_content name="${name}">`,
    `# Skill: ${name}`,
    '',
    content.trim(),
    '',
    `Base directory for this skill: ${pathToFileURL(directory).href}`,
    'Relative paths in this skill, such as scripts/ or reference/, start at its base directory.',
    'The list of files below is a sample; there may be more.',
    '',
    '<skill_files>',
    ...files.map((file) => `<file>${file}</file>`),
    '</skill_files>',
    '</skill_content>',
  ].join('\n');
}
