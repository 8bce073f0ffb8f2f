import { type CodeSearch, SearchError, SearchService, type WebSearch } from 'opencode-nest';

const PAGES = [
  { title: 'Deploying', text: 'Push to main; the pipeline deploys.' },
  { title: 'On call', text: 'The pager goes to whoever merged last.' },
];

/** What the tools websearch and codesearch ask: the handbook of the company instead of the web. */
export class HandbookSearch extends SearchService {
  async web({ query, numResults, signal }: WebSearch): Promise<string | undefined> {
    signal.throwIfAborted();
    const words = query.toLowerCase().split(/\s+/);
    const found = PAGES.filter(({ title, text }) =>
      words.some((word) => `${title} ${text}`.toLowerCase().includes(word)),
    );
    const pages = found.slice(0, numResults).map(({ title, text }) => `# ${title}\n\n${text}`);
    return pages.join('\n\n') || undefined;
  }

  code(_search: CodeSearch): Promise<string | undefined> {
    // the model reads it
    return Promise.reject(new SearchError('There is no index of code; use grep.'));
  }
}
