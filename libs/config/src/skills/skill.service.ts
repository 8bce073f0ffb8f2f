import { Injectable } from '@nestjs/common';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Skill } from '#libs/contract';
import { Environment } from '#libs/extension';
import { type Instance, InstanceState, isDirectory } from '#libs/instance';
import { ConfigService } from '../config.service.js';
import { filesBelow } from '../markdown/files-below.js';
import { readMarkdown } from '../markdown/read-markdown.js';
import { ProblemService } from '../problem.service.js';
import { ConfigReload } from '../reload/config-reload.service.js';
import { ReadTrail } from '../reload/read-trail.js';
import { SkillDownload } from './skill-download.service.js';
import { namedLocation, skillLocations } from './skill-locations.js';

const FILE = 'SKILL.md';

/** Skills by name, and what they were made of. */
interface LoadedSkills {
  readonly skills: ReadonlyMap<string, Skill>;
  trail: ReadTrail;
}

/** The skills of an instance: instructions that a model loads when it needs them. @publicApi */
@Injectable()
export class SkillService {
  private readonly loadedSkills = new InstanceState((instance) => this.discover(instance));

  constructor(
    private readonly environment: Environment,
    private readonly config: ConfigService,
    private readonly problems: ProblemService,
    private readonly downloads: SkillDownload,
    private readonly reload: ConfigReload,
  ) {}

  /** In the order in which they were found. Shared: do not change it. */
  async list(instance: Instance): Promise<readonly Skill[]> {
    return [...(await this.loadedSkills.get(instance)).skills.values()];
  }

  async find(instance: Instance, name: string): Promise<Skill | undefined> {
    return (await this.loadedSkills.get(instance)).skills.get(name);
  }

  /** Their folders, each once: what lies there may be read without a question. */
  async folders(instance: Instance): Promise<string[]> {
    return [...new Set((await this.list(instance)).map(({ location }) => dirname(location)))];
  }

  /** Whether a skill came from `skills.urls`: nothing in it is run in a shell. */
  isForeign(skill: Skill): boolean {
    return this.downloads.isDownloaded(skill);
  }

  private async discover(instance: Instance): Promise<LoadedSkills> {
    const found = await this.load(instance);
    this.reload.watch(instance, this, async () => {
      if (!(await found.trail.changed())) return false;
      const { skills, trail } = await this.load(instance);
      found.trail = trail;
      return !isDeepStrictEqual(skills, found.skills);
    });
    return found;
  }

  private async load(instance: Instance): Promise<LoadedSkills> {
    const trail = new ReadTrail();
    const { skills: more } = await this.config.get(instance);
    const directories = await this.config.directories(instance, trail);
    const locations = await skillLocations(this.environment, instance, directories);
    for (const path of more?.paths ?? []) {
      const location = namedLocation(this.environment, instance, path);
      if (!(await isDirectory(location))) this.problems.note(`skills.paths: there is no folder ${location}`);
      await trail.note(location);
      locations.push(location);
    }
    const addresses = more?.urls ?? [];
    const fetched = await Promise.all(addresses.map((address) => this.downloads.folder(instance, address)));
    locations.push(...fetched.filter((folder) => folder !== undefined));
    const skills = new Map<string, Skill>();
    for (const location of new Set(locations))
      for (const skill of await this.below(instance, location, trail)) {
        const other = skills.get(skill.name);
        if (other && other.location !== skill.location)
          this.problems.note(`The skill ${skill.name} is there twice: ${skill.location} hides ${other.location}`);
        skills.set(skill.name, skill);
      }
    return { skills, trail };
  }

  private async below(instance: Instance, location: string, trail: ReadTrail): Promise<Skill[]> {
    const found: Skill[] = [];
    try {
      for (const path of await filesBelow(location, (name) => name === FILE, trail)) {
        const skill = await this.read(instance, path, trail);
        if (skill) found.push(skill);
      }
    } catch (error) {
      this.problems.tell(instance, `The skills below ${location} cannot be read`, error);
    }
    return found;
  }

  private async read(instance: Instance, location: string, trail: ReadTrail): Promise<Skill | undefined> {
    try {
      const { data, body } = await readMarkdown(location, trail);
      const { name, description } = data;
      if (typeof name !== 'string' || name === '' || typeof description !== 'string') return undefined;
      return { name, description, location, content: body };
    } catch (error) {
      this.problems.tell(instance, `The skill ${location} is left out`, error);
      return undefined;
    }
  }
}
