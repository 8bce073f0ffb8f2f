import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Skill } from '#libs/contract';
import { Environment, inTime, withFileLock } from '#libs/extension';
import { type Instance, within } from '#libs/instance';
import { isObject } from '../load/json-object.js';
import { ProblemService } from '../problem.service.js';
import { fetchBytes, fetchText } from '../remote/fetch-text.js';

/** Milliseconds for all skills of an address, and for a single request. */
const LIMITS = { all: 20_000, request: 5_000 };
const MAX_SKILLS = 100;
const MAX_FILES = 200;
/** Bytes of a file, and of all files of an address. */
const MAX_FILE = 2 * 1024 * 1024;
const MAX_ALL = 20 * 1024 * 1024;
/** Milliseconds after which an address is asked again. */
const FRESH = 24 * 60 * 60_000;
/** One step of a path below the folder of a skill. */
const STEP = /^[\w][\w .-]*$/;

interface ListedSkill {
  name: string;
  files: string[];
}

/** Gets the skills of `skills.urls`, and keeps them in the cache directory. */
@Injectable()
export class SkillDownload implements OnModuleDestroy {
  private readonly ending = new AbortController();
  /** What is under way, by folder: projects that ask for the same wait for the same. */
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly environment: Environment,
    private readonly problems: ProblemService,
  ) {}

  /** The folder with the skills of an address, at most a day old; what there is when it cannot be reached. */
  async folder(instance: Instance, address: string): Promise<string | undefined> {
    const url = address.replace(/\/+$/, '');
    const folder = join(this.cache, createHash('sha256').update(url).digest('hex').slice(0, 16));
    const age = await ageOf(folder);
    if (age !== undefined && age < FRESH) return folder;
    try {
      await inTime(this.shared(url, folder), { signal: instance.signal });
      return folder;
    } catch (error) {
      this.problems.note(`The skills of ${address} cannot be fetched: ${(error as Error).message}`);
      return age === undefined ? undefined : folder;
    }
  }

  /** Whether it came from elsewhere. */
  isDownloaded({ location }: Skill): boolean {
    return within(this.cache, location);
  }

  onModuleDestroy(): void {
    this.ending.abort();
  }

  private get cache(): string {
    return join(this.environment.paths.cache, 'skills');
  }

  private shared(url: string, folder: string): Promise<void> {
    const download = this.running.get(folder) ?? this.inTurn(url, folder).finally(() => this.running.delete(folder));
    this.running.set(folder, download);
    return download;
  }

  /** Another server may be doing the same: then that is enough. */
  private async inTurn(url: string, folder: string): Promise<void> {
    const signal = AbortSignal.any([this.ending.signal, AbortSignal.timeout(LIMITS.all)]);
    const work = async () => {
      const age = await ageOf(folder);
      if (age === undefined || age >= FRESH) await this.download(url, folder, signal);
    };
    await withFileLock(`${folder}.lock`, work, signal);
  }

  /** All or nothing: a folder takes its place when it is complete. */
  private async download(url: string, folder: string, signal: AbortSignal): Promise<void> {
    const index = await fetchText(`${url}/index.json`, { time: LIMITS.request, size: MAX_FILE, signal });
    const temporary = `${folder}.${randomUUID()}.tmp`;
    const old = `${temporary}.old`;
    let room = MAX_ALL;
    try {
      await mkdir(temporary, { recursive: true });
      for (const { name, files } of this.listed(index))
        for (const file of files) {
          const size = Math.min(room, MAX_FILE);
          const source = `${url}/${[name, ...file.split('/')].map(encodeURIComponent).join('/')}`;
          const content = await fetchBytes(source, { time: LIMITS.request, size, signal });
          room -= content.byteLength;
          const path = join(temporary, name, file);
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, content);
        }
      // moved away whole: nobody finds half of it
      await rename(folder, old).catch(() => undefined);
      await rename(temporary, folder);
    } finally {
      for (const left of [temporary, old]) await rm(left, { recursive: true, force: true });
    }
  }

  /** What an index names; entries that would lead out of their folder are left out. */
  private listed(index: string): ListedSkill[] {
    const value: unknown = JSON.parse(index);
    const skills = isObject(value) && Array.isArray(value['skills']) ? value['skills'] : undefined;
    if (!skills) throw new Error('index.json has no list of skills');
    return skills.slice(0, MAX_SKILLS).flatMap((skill: unknown) => {
      if (!isObject(skill)) return [];
      const { name, files } = skill;
      if (typeof name !== 'string' || !STEP.test(name) || !Array.isArray(files)) return [];
      const named = files.slice(0, MAX_FILES).filter((file): file is string => typeof file === 'string');
      const safe = named.filter((file) => file.split('/').every((step) => STEP.test(step)));
      if (safe.length < files.length) this.problems.note(`Some files of the skill ${name} are left out`);
      return [{ name, files: safe }];
    });
  }
}

/** Milliseconds since a folder came to its place; undefined when it is not there. */
async function ageOf(folder: string): Promise<number | undefined> {
  return stat(folder).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );
}
