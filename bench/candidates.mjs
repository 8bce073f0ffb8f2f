import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const REFERENCE_VERSION = '1.2.6';
const ROOT = join(import.meta.dirname, '..');
const COMMAND = join(ROOT, 'dist/bin/opencode.js');
const EXECUTABLE = join(ROOT, 'dist/executable', process.platform === 'win32' ? 'opencode.exe' : 'opencode');
const CACHE = join(ROOT, `node_modules/.cache/opencode-nest/reference-${REFERENCE_VERSION}`);
/** Milliseconds npm may take to fetch the reference, some 50 MB. */
const INSTALL_LIMIT = 300_000;

/**
 * A server to measure.
 * @typedef {{ name: 'this' | 'reference', command: string, args: string[] }} Candidate
 */

/**
 * @param {object} wanted
 * @param {string} [wanted.only]
 * @param {string} [wanted.profiles] folder for CPU profiles of this server
 * @param {boolean} wanted.executable whether this server is the single executable
 * @returns {Promise<Candidate[]>}
 */
export async function findCandidates({ only, profiles, executable }) {
  if (only !== undefined && only !== 'this' && only !== 'reference')
    throw new Error(`--only takes this or reference, not ${only}`);
  const candidates = [];
  if (only !== 'reference' && executable) {
    if (!(await exists(EXECUTABLE)))
      throw new Error(
        `${EXECUTABLE} is missing: run npm run build:executable, then npx node bench/run.mjs … --executable (npm run bench builds anew)`,
      );
    candidates.push({ name: 'this', command: EXECUTABLE, args: [] });
  } else if (only !== 'reference') {
    if (!(await exists(COMMAND))) throw new Error(`${COMMAND} is missing: run npm run build first`);
    const profiling = profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profiles];
    candidates.push({ name: 'this', command: process.execPath, args: [...profiling, COMMAND] });
  }
  if (only !== 'this') candidates.push({ name: 'reference', command: await findReference(), args: [] });
  return candidates;
}

/** The executable itself, not the script that npm puts before it: its process is the one to measure. */
export async function findReference() {
  const given = process.env.OPENCODE_REFERENCE_BIN;
  if (given) {
    if (!(await exists(given))) throw new Error(`OPENCODE_REFERENCE_BIN names ${given}, which does not exist`);
    return given;
  }
  const installed = await findInstalled();
  if (installed) return installed;
  console.error(`Installing opencode-ai@${REFERENCE_VERSION} into ${CACHE}`);
  await mkdir(CACHE, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const spec = `opencode-ai@${REFERENCE_VERSION}`;
  // its script only copies the executable to another place
  const args = ['install', '--prefix', CACHE, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', spec];
  await promisify(execFile)(npm, args, { timeout: INSTALL_LIMIT, shell: process.platform === 'win32' });
  const fresh = await findInstalled();
  if (!fresh)
    throw new Error(
      `opencode-ai@${REFERENCE_VERSION} has no executable for this machine: set OPENCODE_REFERENCE_BIN or use --only this`,
    );
  return fresh;
}

async function findInstalled() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const file = process.platform === 'win32' ? 'opencode.exe' : 'opencode';
  const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  const name = `opencode-${system}-${process.arch}${musl ? '-musl' : ''}`;
  const path = join(CACHE, 'node_modules', name, 'bin', file);
  return (await exists(path)) ? path : undefined;
}

function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
