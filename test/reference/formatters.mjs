// Compares formatters at the built server and at the reference: which are enabled in which projects, what they are run
// with, and what edits report. Not part of the test run, because the reference is a large download. See ../README.md.
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFIGURED, LOCAL_PROGRAMS, MARKERS, PROGRAMS, REAL, SAMPLES } from './formatter-cases.mjs';
import { differences, withSides } from './side.mjs';
import { built, checks, reference, temporaryHome } from './stage.mjs';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** Writes down how it is called; `air` is known by what it says of itself. */
const RECORD =
  '#!/bin/sh\necho "${0##*/} $* in $PWD" >> "$RECORD"\n[ "$*" = --help ] && echo "Air: An R language server and formatter"\nexit 0\n';

const { ScriptedModel } = await built('src/testing.js');
await using model = await ScriptedModel.start();
const { check, conclude } = checks(model);
const options = { model, reference: [await reference()], config: { lsp: false } };
const programs = await temporaryHome();

const same = async (name, { differs, get }, sides) =>
  check(differs ? `${name} (differs: ${differs})` : name, async (expect) => {
    const [ours, theirs] = [await get(sides[0]), await get(sides[1])];
    const found = differences(ours, theirs);
    if (differs) expect(found.length > 0, true);
    else expect(found.join('\n       '), '');
  });

/** Files of a project in folders, by path. */
const inFolders = (folders) =>
  Object.fromEntries(
    Object.entries(folders).flatMap(([folder, files]) =>
      Object.entries({ 'keep.txt': '', ...files }).map(([path, text]) => [`${folder}/${path}`, text]),
    ),
  );
const write = (path, content) => ({ tool: 'write', input: { filePath: `$PROJECT/${path}`, content } });
const list = (folder) => (side) => side.request('/formatter', undefined, folder);

async function executable(path) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, RECORD);
  await chmod(path, 0o755);
}

try {
  for (const program of PROGRAMS) await executable(join(programs, program));
  const records = [];
  const recording = (own) => {
    records.push(join(own.HOME, 'record'));
    const PATH = [programs, own.PATH].join(delimiter);
    return { ...own, PATH, RECORD: records.at(-1), OPENCODE_EXPERIMENTAL_OXFMT: '1' };
  };
  const files = inFolders({ ...MARKERS, all: Object.assign({}, ...Object.values(MARKERS)) });
  files['all/package.json'] = JSON.stringify({ devDependencies: { prettier: '1', oxfmt: '1' } });

  await withSides({ ...options, files, variables: recording }, async (...sides) => {
    for (const folder of [...Object.keys(MARKERS), 'all'])
      await same(`list, every program: ${folder}`, { get: list(folder) }, sides);
    for (const { project } of sides) for (const path of LOCAL_PROGRAMS) await executable(project.path('all', path));
    const formatters = await list('all')(sides[0]);
    const extensions = [...new Set(formatters.flatMap((formatter) => formatter.extensions))];
    for (const [names, differs] of [
      [['prettier', 'biome'], 'Prettier, Biome'],
      [formatters.map(({ name }) => name).filter((name) => !['prettier', 'biome'].includes(name)), undefined],
    ]) {
      const get = async (side) => {
        const record = records[sides.indexOf(side)];
        await rm(record, { force: true });
        await side.play(
          extensions.map((extension, index) => write(`all/${names[0]}${index}${extension}`, 'x\n')),
          'all',
        );
        const lines = side.plain((await readFile(record, 'utf8')).split('\n'));
        return lines.filter((line) => names.includes(line.split(' ')[0]) && !line.includes('--help'));
      };
      await same(`arguments: ${names.join(' ')}`, { differs, get }, sides);
    }
  });

  await withSides(
    { ...options, files, variables: (own) => ({ ...own, PATH: '/usr/bin/nothing' }) },
    async (...sides) => {
      for (const folder of Object.keys(MARKERS))
        await same(`list, no programs: ${folder}`, { get: list(folder) }, sides);
    },
  );

  const folders = CONFIGURED.map(({ formatter }) => ({
    'opencode.json': JSON.stringify({ formatter }),
    'a.x': 'one\n',
  }));
  await withSides({ ...options, files: inFolders(folders) }, async (...sides) => {
    for (const [folder, { name, differs }] of CONFIGURED.entries()) {
      const filePath = `$PROJECT/${folder}/a.x`;
      const edit = { tool: 'edit', input: { filePath, oldString: 'one', newString: 'two' } };
      const get = async (side) => ({
        list: await list(`${folder}`)(side),
        edited: (await side.play([{ tool: 'read', input: { filePath } }, edit], `${folder}`)).calls,
        text: await side.plain(await side.project.read(`${folder}/a.x`).catch(() => 'gone')),
      });
      await same(`configured: ${name}`, { differs, get }, sides);
    }
  });

  const upper = { upper: { command: ['sh', '-c', 'echo FORMATTED > "$1"', 'sh', '$FILE'], extensions: ['.x'] } };
  const patching = { ...options, modelID: 'gpt-5-x', config: { ...options.config, formatter: upper } };
  await withSides({ ...patching, files: { 'a.x': 'one\n' } }, async (...sides) => {
    const patchText = '*** Begin Patch\n*** Update File: a.x\n@@\n-one\n+two\n*** End Patch';
    const get = async (side) => (await side.play([{ tool: 'apply_patch', input: { patchText } }])).calls;
    await same('a patch', { get, differs: 'what `apply_patch` reports of its files' }, sides);
    await same('the file that was patched', { get: (side) => side.project.read('a.x') }, sides);
  });

  await withSides({ ...options, files: inFolders(REAL) }, async (...sides) => {
    for (const { project } of sides) await symlink(PACKAGES, project.path('node_modules'));
    const formatted = new Set();
    const get = (path, text) => async (side) => {
      const { calls } = await side.play([write(path, text)], dirname(path));
      // told here only, also of what a formatter says that did its work
      delete calls[0].metadata.formatting;
      const after = await side.project.read(path);
      if (after !== text) formatted.add(extname(path));
      return { calls, after };
    };
    for (const folder of Object.keys(REAL))
      for (const [name, text] of Object.entries(SAMPLES))
        await same(`real programs: ${folder}/${name}`, { get: get(`${folder}/${name}`, text) }, sides);
    const modern = get('rust/modern.rs', 'pub async  fn f( ){ }\n');
    await same('real programs: a newer edition', { get: modern, differs: formatted.has('.rs') && 'rustfmt' }, sides);
    console.log(`       formatted here: ${[...formatted].join(' ')}`);
  });
} finally {
  await rm(programs, { recursive: true, force: true });
}
conclude();
