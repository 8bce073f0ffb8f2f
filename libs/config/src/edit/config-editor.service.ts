import { Injectable } from '@nestjs/common';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, InvalidRequestError } from '#libs/contract';
import { Environment, withFileLock } from '#libs/extension';
import type { Instance } from '#libs/instance';
import type { JsonObject } from '../load/json-object.js';
import type { LoadContext } from '../load/load-context.js';
import { normalise } from '../load/normalise.js';
import { ConfigReload } from '../reload/config-reload.service.js';
import { ReadTrail } from '../reload/read-trail.js';
import { FILE_NAMES, FOLDER, globalFiles, withoutProject } from '../sources.js';
import { editFile } from './edit-file.js';

/** Changes configuration files, and lets the change take effect. @publicApi */
@Injectable()
export class ConfigEditor {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly environment: Environment,
    private readonly reload: ConfigReload,
  ) {}

  /**
   * Lays a patch over the configuration file of the directory: of its files the one that wins, else `opencode.json`.
   * The instance is replaced as soon as no run works with it. Where a stronger source says otherwise, the change does not
   * show: that is told of (`session.error`, log). Resolves to the patch in its long form.
   * Rejects with a WireError, nothing written, when the file cannot be parsed or would become invalid.
   * @param own leases on the instance that the caller holds
   */
  async updateProject(instance: Instance, patch: Config, own = 0): Promise<Config> {
    if (withoutProject(this.environment))
      throw new InvalidRequestError(
        'Configuration of projects is switched off by OPENCODE_DISABLE_PROJECT_CONFIG: change the global one instead',
      );
    const { file } = await this.edit(() => projectFile(instance.directory), patch);
    await this.reload.apply(instance, { file, place: file, patch: { ...patch } }, own);
    return normalise({ ...patch });
  }

  /**
   * The same for the user's own file. All instances are replaced, in the background. Resolves to what the file says
   * then.
   */
  async updateGlobal(patch: Config): Promise<Config> {
    const { file, written } = await this.edit(() => globalFile(this.environment), patch);
    void this.reload.applyToAll({ file, place: this.environment.paths.config, patch: { ...patch } });
    return normalise(written);
  }

  /** One after the other, also those of other processes, so that none is lost. */
  private edit(locate: () => Promise<string>, patch: Config): Promise<{ file: string; written: JsonObject }> {
    const { data } = this.environment.paths;
    // not beside the file: a project is not the place for it
    const lock = join(data, 'config-edit.lock');
    const work = async () => {
      const file = await locate();
      return { file, written: await editFile(file, patch, this.context()) };
    };
    const done = this.last.then(() => withFileLock(lock, work));
    this.last = done.catch(() => undefined);
    return done;
  }

  private context(): LoadContext {
    const { variables, paths } = this.environment;
    return { variables, paths, trail: new ReadTrail(), onProblem: () => undefined };
  }
}

async function projectFile(directory: string): Promise<string> {
  const strongestFirst = [join(directory, FOLDER), directory].flatMap((folder) =>
    FILE_NAMES.toReversed().map((name) => join(folder, name)),
  );
  return (await firstExisting(strongestFirst)) ?? join(directory, 'opencode.json');
}

async function globalFile(environment: Environment): Promise<string> {
  const strongestFirst = globalFiles(environment).toReversed();
  return (await firstExisting(strongestFirst)) ?? join(environment.paths.config, 'opencode.jsonc');
}

async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  return undefined;
}
