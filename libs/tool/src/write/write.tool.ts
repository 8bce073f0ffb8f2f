import { readFile } from 'node:fs/promises';
import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { assertOrdinary, statOf } from '#libs/file';
import { FileTimeService } from '../project-file/file-time.service.js';
import { FileWriteService } from '../project-file/file-write.service.js';
import { askOutside } from '../project-file/outside.js';
import { patchText } from '../project-file/patch.js';
import { WriteInput } from './write-input.dto.js';

const DESCRIPTION = `Writes a whole file, replacing what was there. Directories on the way are made.

- A file that exists must have been read in this session first, and must not have changed since; otherwise the call fails.
- To change parts of a file use edit: it is safer and shorter.
- Give the complete content: no placeholders such as "rest unchanged".
- Do not create files nobody asked for, such as summaries or extra documentation.`;

/** Creates or replaces a file. */
@AgentTool({ id: 'write', description: DESCRIPTION, input: WriteInput })
export class WriteTool implements AgentToolHandler<WriteInput> {
  constructor(
    private readonly files: FileWriteService,
    private readonly times: FileTimeService,
  ) {}

  async execute({ content, filePath }: WriteInput, context: ToolContext): Promise<ToolResult> {
    const { instance } = context;
    const path = instance.resolve(filePath);
    await askOutside(context, path, 'file');
    const { exists, failed } = await this.files.exclusively(context, path, async () => {
      const stats = await statOf(path);
      assertOrdinary(path, stats);
      const exists = stats?.isFile() ?? false;
      if (exists) await this.times.check(context, path);
      const before = exists ? await readFile(path, 'utf8') : '';
      await context.ask({
        permission: 'edit',
        patterns: [instance.display(path)],
        always: ['*'],
        metadata: { filepath: path, diff: patchText(path, before, content) },
      });
      // the answer may have taken long
      if ((await statOf(path))?.isFile()) await this.times.check(context, path);
      return { exists, failed: await this.files.write(context, path, content, exists) };
    });
    const report = await this.files.check(context, path);
    return {
      title: instance.display(path),
      output: `Wrote file successfully.${report.ofProject(path)}`,
      metadata: {
        diagnostics: report.all,
        filepath: path,
        exists,
        ...(failed.length > 0 && { formatting: failed }),
      },
    };
  }
}
