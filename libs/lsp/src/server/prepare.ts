import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { exists } from '../program/folders.js';
import type { Preparation, ServerPlace } from './server-definition.js';

/** Settings for servers that work with the TypeScript of the project. */
export const withTypescript =
  (settings: (library: string) => Record<string, unknown>) =>
  async ({ root, directory }: ServerPlace): Promise<Preparation> => {
    const server = resolveIn(root, 'typescript/lib/tsserver.js') ?? resolveIn(directory, 'typescript/lib/tsserver.js');
    return server === undefined
      ? { missing: 'the package typescript is not installed in the project' }
      : { initialization: settings(dirname(server)) };
  };

/** What the ESLint server asks its client for. */
const ESLINT = {
  validate: 'on',
  run: 'onType',
  nodePath: null,
  workingDirectory: { mode: 'auto' },
  problems: {},
  rulesCustomizations: [],
  codeActionOnSave: { enable: false, mode: 'all' },
  codeAction: { disableRuleComment: { enable: false }, showDocumentation: { enable: false } },
  experimental: {},
};

/** The settings of ESLint, for projects that have it. */
export async function withEslint({ root, directory }: ServerPlace): Promise<Preparation> {
  const found = resolveIn(root, 'eslint/package.json') ?? resolveIn(directory, 'eslint/package.json');
  return found === undefined
    ? { missing: 'the package eslint is not installed in the project' }
    : { initialization: ESLINT };
}

/** The Python of the project's virtual environment. */
export async function withPython({ root, environment }: ServerPlace): Promise<Preparation> {
  const environments = [environment.variables['VIRTUAL_ENV'], join(root, '.venv'), join(root, 'venv')];
  for (const folder of environments) {
    if (folder === undefined || folder === '') continue;
    for (const python of ['bin/python', 'Scripts/python.exe']) {
      const path = join(folder, python);
      if (await exists(path)) return { initialization: { pythonPath: path } };
    }
  }
  return { initialization: {} };
}

/** The same settings everywhere. */
export const withSettings = (initialization: Record<string, unknown>) => async (): Promise<Preparation> => ({
  initialization,
});

function resolveIn(folder: string, request: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(request);
  } catch {
    return undefined;
  }
}
