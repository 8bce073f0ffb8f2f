import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { pageMarkdown, pageText } from './page-text.js';
import { fetchWeb, type WebAnswer } from './web-client.js';
import { decodeText, mediaTypeOf } from './web-text.js';
import { WebFetchInput, type WebFormat } from './webfetch-input.dto.js';

/** Seconds. */
const DEFAULT_TIMEOUT = 30;
const MAX_TIMEOUT = 120;

const ACCEPT: Readonly<Record<WebFormat, string>> = {
  markdown: 'text/markdown;q=1.0, text/x-markdown;q=0.9, text/plain;q=0.8, text/html;q=0.7, */*;q=0.1',
  text: 'text/plain;q=1.0, text/markdown;q=0.9, text/html;q=0.8, */*;q=0.1',
  html: 'text/html;q=1.0, application/xhtml+xml;q=0.9, text/plain;q=0.8, text/markdown;q=0.7, */*;q=0.1',
};

/** Pictures that models are not shown. */
const NOT_SHOWN = new Set(['image/svg+xml', 'image/vnd.fastbidsheet']);

const DESCRIPTION = `Fetches something from the web by its address.

- HTML pages come as Markdown unless format says otherwise (text, html); other texts as they are; images are shown to you.
- Use addresses that the user gave, that you read somewhere, or that you are sure of. Nothing is changed there.
- Takes 30 seconds at most unless timeout says otherwise, and 5 MB. Long pages are cut and saved to a file, which you can read or grep.
- Pages that need a login cannot be read. If another tool of yours knows the site, prefer that.`;

/** Fetches pages from the web. */
@AgentTool({ id: 'webfetch', description: DESCRIPTION, input: WebFetchInput })
export class WebFetchTool implements AgentToolHandler<WebFetchInput> {
  async execute(input: WebFetchInput, context: ToolContext): Promise<ToolResult> {
    const { url: address, format = 'markdown', timeout } = input;
    const url = /^https?:\/\//i.test(address) ? URL.parse(address) : null;
    if (!url) throw new Error('URL must start with http:// or https://');
    const ask = (pattern: string) =>
      context.ask({
        permission: 'webfetch',
        patterns: [pattern],
        always: ['*'],
        metadata: { ...input, url: pattern },
      });
    await ask(address);
    const late = new Deadline(limitOf(timeout));
    try {
      const answer = await fetchWeb({
        url,
        accept: ACCEPT[format],
        signal: AbortSignal.any([context.signal, late.signal]),
        // a rule against a host holds for what leads there too; the time for an answer is not that of the request
        onOtherHost: (next) => late.pause(() => ask(next.href)),
      });
      return { title: `${address} (${answer.contentType})`, ...(await render(answer, format)) };
    } finally {
      late.clear();
    }
  }
}

/** Milliseconds. */
const limitOf = (seconds = DEFAULT_TIMEOUT) => Math.min(Math.max(seconds, 0), MAX_TIMEOUT) * 1000;

async function render({ contentType, body }: WebAnswer, format: WebFormat): Promise<Omit<ToolResult, 'title'>> {
  const mime = mediaTypeOf(contentType);
  if (mime.startsWith('image/') && !NOT_SHOWN.has(mime)) {
    const url = `data:${mime};base64,${Buffer.from(body).toString('base64')}`;
    return { output: 'Image fetched successfully', attachments: [{ mime, url }] };
  }
  const text = decodeText(body, contentType);
  if (mime !== 'text/html' || format === 'html') return { output: text };
  return { output: await (format === 'text' ? pageText(text) : pageMarkdown(text)) };
}

/** A time limit that stands still while people are asked. */
class Deadline {
  private readonly controller = new AbortController();
  private started = 0;
  private timer: NodeJS.Timeout;

  constructor(private left: number) {
    this.timer = this.start();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  async pause<T>(work: () => Promise<T>): Promise<T> {
    this.clear();
    const result = await work();
    this.timer = this.start();
    return result;
  }

  clear(): void {
    clearTimeout(this.timer);
    this.left -= Date.now() - this.started;
  }

  private start(): NodeJS.Timeout {
    this.started = Date.now();
    return setTimeout(
      () => this.controller.abort(new DOMException('The operation was aborted.', 'AbortError')),
      Math.max(0, this.left),
    );
  }
}
