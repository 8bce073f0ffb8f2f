import { createHash } from 'node:crypto';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { InstalledServer, ServerLaunch } from '../install/server-source.js';
import { exists } from '../program/folders.js';
import type { ServerPlace } from './server-definition.js';

/**
 * Eclipse JDT LS has no program of its own: Java runs its launcher, with the settings of the platform. Each project has
 * a folder in the cache for what it learns of it.
 */
export async function launchJdtls(
  { program: launcher, needed }: InstalledServer,
  { root, environment }: ServerPlace,
): Promise<ServerLaunch> {
  const data = join(environment.paths.cache, 'jdtls', createHash('sha256').update(root).digest('hex').slice(0, 16));
  return {
    program: needed?.path ?? 'java',
    args: [
      '-Declipse.application=org.eclipse.jdt.ls.core.id1',
      '-Declipse.product=org.eclipse.jdt.ls.core.product',
      '-Dosgi.bundles.defaultStartLevel=4',
      '-Dlog.level=ALL',
      '--add-modules=ALL-SYSTEM',
      ...['--add-opens', 'java.base/java.util=ALL-UNNAMED'],
      ...['--add-opens', 'java.base/java.lang=ALL-UNNAMED'],
      ...['-jar', launcher],
      ...['-configuration', await settings(dirname(dirname(launcher)))],
      ...['-data', data],
    ],
  };
}

/** `config_linux`, `config_mac_arm` … */
async function settings(folder: string): Promise<string> {
  const general = join(folder, platform() === 'darwin' ? 'config_mac' : 'config_linux');
  const own = `${general}_arm`;
  return arch() === 'arm64' && (await exists(own)) ? own : general;
}
