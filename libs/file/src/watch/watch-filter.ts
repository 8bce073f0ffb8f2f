import { matchesGlob } from 'node:path';

/** Folders of what is made, installed or kept by tools, wherever they stand. */
const FOLDERS = new Set(
  (
    'node_modules bower_components vendor dist build out target bin obj .git .hg .svn .vscode .idea .turbo .output ' +
    '.next .nuxt .svelte-kit .cache .pnpm-store .npm .yarn .gradle .venv venv __pycache__ .pytest_cache ' +
    'logs tmp temp coverage .nyc_output'
  ).split(' '),
);
const NAMES = /\.(?:log|swp|swo|pyc)$|^\.DS_Store$|^Thumbs\.db$/;

/**
 * Whether changes of a file are told.
 * @param ignored globs of the configuration, relative to the directory; a name without `/` counts at every depth
 */
export function watchFilter(ignored: readonly string[]): (path: string) => boolean {
  const globs = ignored.flatMap((glob) => {
    const bare = glob.replace(/^\.?\//, '').replace(/\/$/, '');
    const patterns = bare.includes('/') ? [bare] : [bare, `**/${bare}`];
    return patterns.flatMap((pattern) => [pattern, `${pattern}/**`]);
  });
  return (path) => {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    if (NAMES.test(name) || parts.some((part) => FOLDERS.has(part))) return false;
    return !globs.some((glob) => matchesGlob(path, glob));
  };
}
