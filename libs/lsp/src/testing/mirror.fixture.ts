import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Content = string | Buffer | object | ((request: IncomingMessage, response: ServerResponse) => void);

/** An HTTP server in the place of the sites where language servers are published. */
export class Mirror {
  /** Addresses that were asked for, without `https://`. */
  readonly requests: string[] = [];
  private readonly contents = new Map<string, Content>();

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const address = request.url?.slice(1) ?? '';
      this.requests.push(address);
      const content = this.contents.get(address);
      if (typeof content === 'function') return content(request, response);
      if (content === undefined) response.statusCode = 404;
      response.end(typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content ?? {}));
    });
  }

  static async start(): Promise<Mirror> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Mirror(server);
  }

  /** For `OPENCODE_LSP_MIRROR`. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param address without `https://`; objects are sent as JSON */
  serve(address: string, content: Content): void {
    this.contents.set(address, content);
  }

  /** The newest release of a repository, and its files. */
  serveGitHub(repository: string, tag: string, files: Readonly<Record<string, Buffer>>, notes = ''): void {
    const assets = Object.entries(files).map(([name, content]) => {
      const address = `github.com/${repository}/releases/download/${tag}/${name}`;
      this.serve(address, content);
      return { name, browser_download_url: `https://${address}`, digest: `sha256:${sha256(content)}` };
    });
    this.serve(`api.github.com/repos/${repository}/releases/latest`, { tag_name: tag, body: notes, assets });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
