import { networkInterfaces } from 'node:os';
import type { RunningServer } from '../server.js';
import type { Command } from './command.js';
import { NETWORK_OPTIONS, runServer } from './serve.js';
import { VERSION } from './version.js';

/** Addresses that mean every address of the machine. */
const EVERYWHERE = new Set(['0.0.0.0', '::', '[::]']);
/** Networks of containers and virtual machines: nobody outside gets there. */
const INNER = /^(docker|br-|veth|virbr|vmnet|vboxnet)/;

/** The server, with a page for people. */
export const web: Command = {
  name: 'web',
  summary: 'Start the server with a page for the browser, and open it',
  options: {
    ...NETWORK_OPTIONS,
    open: { type: 'boolean', summary: 'Open the browser; --no-open does not', fallback: 'yes' },
  },

  async run(args) {
    const [{ WebModule }, { urlOf }] = await Promise.all([import('../web/web.module.js'), import('../network.js')]);
    return runServer(args, web.name, {
      imports: [WebModule],
      onListening: (server) => {
        const [page = server.url] = announce(server, urlOf);
        if (args.options['open'] !== false) void openPage(server, page);
      },
    });
  },
};

/** Says where the page is; returns its addresses, that of this machine first. */
function announce({ settings, port, url }: RunningServer, urlOf: (host: string, port: number) => string): string[] {
  console.error(`\nopencode ${VERSION}\n`);
  if (!EVERYWHERE.has(settings.hostname)) {
    console.error(`  Web interface:   ${url}\n`);
    return [url];
  }
  const local = urlOf('localhost', port);
  const others = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    INNER.test(name)
      ? []
      : addresses.flatMap(({ internal, family, address }) => (internal || family !== 'IPv4' ? [] : [address])),
  );
  const network = others.map((address) => urlOf(address, port));
  console.error(`  Local access:    ${local}`);
  for (const address of network) console.error(`  Network access:  ${address}`);
  if (settings.mdns) console.error(`  mDNS:            ${urlOf(settings.mdnsDomain, port)}`);
  console.error('');
  return [local, ...network];
}

async function openPage({ app }: RunningServer, url: string): Promise<void> {
  const { Browser } = await import('#libs/extension');
  if (!(await app.get(Browser, { strict: false }).open(url)))
    console.error('No browser could be opened here: open the address yourself.');
}
