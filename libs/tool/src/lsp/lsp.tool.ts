import { AgentTool, type AgentToolHandler, Environment, type ToolContext, type ToolResult } from '#libs/extension';
import { CodeQueryService } from '#libs/lsp';
import { askOutside } from '../project-file/outside.js';
import { LspInput } from './lsp-input.dto.js';
import { statOf } from '#libs/file';

/** Characters of an answer that are kept beside its text. */
const MAX_METADATA = 256 * 1024;

const DESCRIPTION = `Asks language servers about code: what a name means, where it is used, what calls it.

- goToDefinition, goToImplementation, findReferences and hover are about the name at a line and character.
- documentSymbol lists the symbols of the file, workspaceSymbol those of the project; line and character do not matter then.
- prepareCallHierarchy finds the function at a place; incomingCalls and outgoingCalls say what calls it and what it calls.
- Lines and characters are those an editor shows: the first is 1.
- Fails when there is no language server for the kind of file.`;

/** Questions about code. */
@AgentTool({ id: 'lsp', description: DESCRIPTION, input: LspInput })
export class LspTool implements AgentToolHandler<LspInput> {
  constructor(
    private readonly code: CodeQueryService,
    private readonly environment: Environment,
  ) {}

  /** Behind a flag, as in the reference. */
  isAvailable(): boolean {
    return this.environment.flag('OPENCODE_EXPERIMENTAL_LSP_TOOL', 'OPENCODE_EXPERIMENTAL');
  }

  async execute({ operation, filePath, line, character }: LspInput, context: ToolContext): Promise<ToolResult> {
    const { instance, signal } = context;
    const path = instance.resolve(filePath);
    await askOutside(context, path, 'file');
    await context.ask({ permission: 'lsp', patterns: ['*'], always: ['*'], metadata: {} });
    if (!(await statOf(path))?.isFile()) throw new Error(`File not found: ${path}`);
    const position = { line: line - 1, character: character - 1 };
    const result = await this.code.ask(instance, operation, { path, position }, signal);
    if (result === undefined) throw new Error('No LSP server available for this file type.');
    const output = JSON.stringify(result, null, 2);
    return {
      title: `${operation} ${instance.display(path)}:${line}:${character}`,
      output: result.length === 0 ? `No results found for ${operation}` : output,
      metadata: { result: output.length > MAX_METADATA ? [] : result },
    };
  }
}
