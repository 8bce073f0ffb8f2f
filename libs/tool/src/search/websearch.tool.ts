import {
  AgentTool,
  type AgentToolHandler,
  SearchService,
  type ToolContext,
  type ToolModel,
  type ToolResult,
} from '#libs/extension';
import { WebSearchInput } from './websearch-input.dto.js';

const NOTHING = 'Nothing was found on the web for this. Try other or fewer words.';

const DESCRIPTION = `Searches the web and gives the contents of the pages it finds.

- Use it for what you cannot know: recent events and versions, errors of current software, products.
- For one page whose address you know use webfetch; for how a library is used codesearch.
- Be specific, and name the year when the newest is wanted. Say which pages an answer rests on.`;

/** Searches the web. */
@AgentTool({ id: 'websearch', description: DESCRIPTION, input: WebSearchInput })
export class WebSearchTool implements AgentToolHandler<WebSearchInput> {
  constructor(private readonly search: SearchService) {}

  isFor(model: ToolModel): boolean {
    return this.search.isFor(model);
  }

  async execute(input: WebSearchInput, context: ToolContext): Promise<ToolResult> {
    const { query, numResults = 8, livecrawl = 'fallback', type = 'auto', contextMaxCharacters } = input;
    const asked = {
      ...{ query, numResults, livecrawl, type },
      ...(contextMaxCharacters !== undefined && { contextMaxCharacters }),
    };
    await context.ask({ permission: 'websearch', patterns: [query], always: ['*'], metadata: asked });
    const found = await this.search.web({ ...asked, signal: context.signal });
    return { title: `Web search: ${query}`, output: found ?? NOTHING };
  }
}
