import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { FileWriteService, type FileChange } from '../project-file/file-write.service.js';
import { askOutside } from '../project-file/outside.js';
import { ApplyPatchInput } from './apply-patch-input.dto.js';
import { isEmptyPatch, parsePatch, type PatchSection } from './parse-patch.js';
import { asFormatted, patchedFiles, type PatchedFile, placeOf, Unreadable } from './patched-files.js';

const DESCRIPTION = `Changes files with a patch: one call may add, delete, move and change any number of files. Nothing is written unless all of it fits.

patchText is an envelope with a section for each file:

*** Begin Patch
*** Add File: docs/new.md
+every line of the new file begins with a plus
*** Update File: src/app.ts
*** Move to: src/main.ts
@@ function start() {
 a line that stays, to find the place
-a line that goes
+a line that takes its place
*** Delete File: old.txt
*** End Patch

- Paths are relative to the project directory. "*** Move to:" is for moves only.
- "@@" begins a place that changes; text behind it is a line above the place (the head of a function or class), for when the lines alone are not unique. Give about three unchanged lines around each change, each with a blank in front.
- "*** End of File" after the lines of a place says that they are the last ones.
- Read a file before you patch it: lines are compared with what is there.`;

/** Changes files with a patch. For models that were taught this form. */
@AgentTool({ id: 'apply_patch', description: DESCRIPTION, input: ApplyPatchInput })
export class ApplyPatchTool implements AgentToolHandler<ApplyPatchInput> {
  constructor(private readonly files: FileWriteService) {}

  async execute({ patchText }: ApplyPatchInput, context: ToolContext): Promise<ToolResult> {
    if (patchText === '') throw new Error('patchText is required');
    const sections = sectionsOf(patchText);
    const paths = pathsOf(sections).map((path) => context.instance.resolve(path));
    for (const path of new Set(paths)) await askOutside(context, path, 'file');
    const { files, failed } = await this.files.exclusivelyAll(context, paths, async () => {
      const files = await verified(context, sections);
      await ask(context, files);
      // the answer may have taken long
      if (JSON.stringify(await verified(context, sections)) !== JSON.stringify(files))
        throw new Error('The files changed while the patch waited for leave; nothing was written. Read them again.');
      const failed = await this.files.writeAll(context, files.map(changeOf));
      return { files: await asFormatted(files), failed };
    });
    const written = new Map(
      files.filter(({ type }) => type !== 'delete').map((file) => [placeOf(file), file.relativePath]),
    );
    const report = await this.files.check(context, ...written.keys());
    const summary = `Success. Updated the following files:\n${files.map(lineOf).join('\n')}`;
    const metadata = {
      ...{ diff: joined(files), files, diagnostics: report.all },
      ...(failed.length > 0 && { formatting: failed }),
    };
    const output = summary + report.ofFiles(written);
    return { title: output, output, metadata };
  }
}

function sectionsOf(patch: string): PatchSection[] {
  const sections = verify(() => parsePatch(patch));
  if (sections.length > 0) return sections;
  throw new Error(isEmptyPatch(patch) ? 'patch rejected: empty patch' : failure('no hunks found'));
}

/** What the patch makes of the files as they are now. */
async function verified({ instance }: ToolContext, sections: readonly PatchSection[]): Promise<PatchedFile[]> {
  try {
    return await patchedFiles(instance, sections);
  } catch (error) {
    throw toFailure(error);
  }
}

function verify<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toFailure(error);
  }
}

const failure = (reason: string) => `apply_patch verification failed: ${reason}`;

const toFailure = (error: unknown) =>
  new Error(failure(error instanceof Unreadable ? error.message : `Error: ${(error as Error).message}`), {
    cause: error,
  });

/** Once for all files; that which a file is moved to is judged as well. */
async function ask(context: ToolContext, files: readonly PatchedFile[]): Promise<void> {
  const shown = (path: string) => context.instance.display(path);
  const patterns = files.flatMap(({ filePath, movePath }) => [filePath, ...(movePath === undefined ? [] : [movePath])]);
  await context.ask({
    permission: 'edit',
    patterns: [...new Set(patterns.map(shown))],
    always: ['*'],
    metadata: { filepath: files.map(({ filePath }) => shown(filePath)).join(', '), diff: joined(files), files },
  });
}

function pathsOf(sections: readonly PatchSection[]): string[] {
  return sections.flatMap((section) =>
    section.type === 'update' && section.target !== undefined ? [section.path, section.target] : [section.path],
  );
}

const joined = (files: readonly PatchedFile[]) => files.map(({ diff }) => `${diff}\n`).join('');

const LETTERS = { add: 'A', update: 'M', move: 'M', delete: 'D' } as const;

const lineOf = ({ type, relativePath }: PatchedFile) => `${LETTERS[type]} ${relativePath}`;

function changeOf(file: PatchedFile): FileChange {
  const { type, filePath, movePath, after } = file;
  if (type === 'delete') return { path: filePath };
  return {
    path: placeOf(file),
    text: after,
    event: type === 'update' ? 'change' : 'add',
    ...(movePath !== undefined && { from: filePath }),
  };
}
