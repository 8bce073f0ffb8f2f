import {
  AgentTool,
  type AgentToolHandler,
  SearchService,
  type ToolContext,
  type ToolModel,
  type ToolResult,
} from '#libs/extension';
import { CodeSearchInput } from './codesearch-input.dto.js';

const NOTHING = 'Neither documentation nor code was found for this. Name the library, or try other words.';

const DESCRIPTION = `Searches documentation and source code of libraries, frameworks and services, and gives examples and explanations.

- Use it before you write against an API that you do not know well, or that may have changed.
- Name the library, its version if it matters, and what you want to do.
- To search the files of this project use grep.`;

/** Searches for how libraries are used. */
@AgentTool({ id: 'codesearch', description: DESCRIPTION, input: CodeSearchInput })
export class CodeSearchTool implements AgentToolHandler<CodeSearchInput> {
  constructor(private readonly search: SearchService) {}

  isFor(model: ToolModel): boolean {
    return this.search.isFor(model);
  }

  async execute({ query, tokensNum = 5000 }: CodeSearchInput, context: ToolContext): Promise<ToolResult> {
    const asked = { query, tokensNum };
    await context.ask({ permission: 'codesearch', patterns: [query], always: ['*'], metadata: asked });
    const found = await this.search.code({ ...asked, signal: context.signal });
    return { title: `Code search: ${query}`, output: found ?? NOTHING };
  }
}
