import { chmod, mkdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Environment, ProcessRunner } from '#libs/extension';
import { isArchive, unpack } from '../archive/unpack.js';
import { findFile } from '../program/find-file.js';
import { exists } from '../program/folders.js';
import { Downloads } from './downloads.js';
import { thisPlatform } from './platform.js';
import { fileName, findRelease } from './release-feed.js';
import { runTool } from './run-tool.js';
import type { ReleaseSource, ServerRecipe } from './server-source.js';

/** Downloads the newest release of a server. */
export function releaseRecipe(
  { feed, programs, needs, finish, launch }: ReleaseSource,
  environment: Environment,
  processes: ProcessRunner,
  tell: (text: string) => void,
): ServerRecipe {
  const downloads = new Downloads(environment);
  return {
    ...(needs && { needs }),
    async install(folder, needed, signal) {
      const platform = await thisPlatform();
      const release = await findRelease(feed, { downloads, platform, neededVersion: needed?.version, signal });
      const { version, url } = release;
      const name = fileName(url);
      if (!isArchive(name)) throw new Error(`${url} is no archive of a known kind`);
      tell(`${version} is being fetched from ${url}`);
      const archive = join(folder, name);
      const sha256 = await downloads.save(url, archive, signal);
      if (release.sha256 === undefined)
        tell(`${version} is published without a SHA-256; that of what came is ${sha256}`);
      else if (release.sha256 !== sha256)
        throw new Error(`what ${url} sends is not what was published: its SHA-256 is ${sha256}, not ${release.sha256}`);
      const content = join(folder, 'content');
      await mkdir(content);
      await unpack(archive, content, { signal });
      await rm(archive);
      const program = await findFile(content, programs);
      if (program === undefined) throw new Error(`${name} holds no ${programs.join(' or ')}`);
      await chmod(program, 0o755);
      const cwd = dirname(program);
      if (finish && needed && (await exists(join(cwd, finish.script)))) {
        const env = { ...environment.variables, ...finish.env };
        await runTool(processes, { command: needed.path, args: [finish.script], cwd, env, signal });
      }
      return { version, url, sha256, program: relative(folder, program) };
    },
    launch: (installed, place) => launch?.(installed, place) ?? { program: installed.program },
  };
}
