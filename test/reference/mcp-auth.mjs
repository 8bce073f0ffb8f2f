// Logs in to the same MCP servers with OAuth at the built server and at the reference, and compares what clients see of it:
// statuses, pages to open, codes handed over or brought back by a browser, and what is kept in mcp-auth.json, which each
// reads of the other. Not part of the test run, because the reference is a large download. See ../README.md.
import { chmod, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { OAuthMcpServer } from '../helpers/oauth-mcp-server.ts';
import { differences, withSides } from './side.mjs';
import { built, checks, reference, temporaryHome } from './stage.mjs';

const { ScriptedModel } = await built('src/testing.js');
await using model = await ScriptedModel.start();
const { check, conclude } = checks(model);

const secret = { client_id: 'by-hand', client_secret: 'very secret' };
const client = { ...secret, redirect_uris: ['http://127.0.0.1:19876/mcp/oauth/callback'] };
/** Each story has servers of its own. */
const servers = {
  code: await OAuthMcpServer.start(),
  browser: await OAuthMcpServer.start(),
  refused: await OAuthMcpServer.start(),
  never: await OAuthMcpServer.start(),
  closed: await OAuthMcpServer.start({ registration: false }),
  byhand: await OAuthMcpServer.start({ registration: false, client }),
  older: await OAuthMcpServer.start({ resourceMetadata: false }),
};
const oauth = {
  never: { oauth: false },
  byhand: { oauth: { clientId: secret.client_id, clientSecret: secret.client_secret } },
};
const mcp = Object.fromEntries(
  Object.entries(servers).map(([name, { url }]) => [name, { type: 'remote', url, ...oauth[name] }]),
);

/** A browser that writes down what it is to open. */
const bin = await temporaryHome();
const opened = (side) => join(side.home, 'opened');
const browser = join(bin, 'xdg-open');
await writeFile(browser, '#!/bin/sh\nprintf %s "$1" > "$OPENED"\n');
await chmod(browser, 0o755);

const start = async (side, name) => (await side.answer(`/mcp/${name}/auth`, {})).body.authorizationUrl;
const back = async (page) => new URL((await fetch(page, { redirect: 'manual' })).headers.get('location'));
const codeOf = async (page) => (await back(page)).searchParams.get('code');
const finish = (side, name, code) => side.answer(`/mcp/${name}/auth/callback`, { code });
const forget = (side, name) => side.answer(`/mcp/${name}/auth`, undefined, 'DELETE');
const status = async (side, name) => (await side.request('/mcp'))[name];
const kept = async (side) => JSON.parse(await readFile(side.dataFile('mcp-auth.json'), 'utf8'));
async function reconnect(side, name) {
  await side.request(`/mcp/${name}/connect`, {});
  return status(side, name);
}
async function openedPage(side) {
  for (let tries = 0; tries < 200; tries++) {
    const page = await readFile(opened(side), 'utf8').catch(() => '');
    if (page !== '') return page;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('No page was opened');
}

/** Kinds of values, for what is different each time. */
const kinds = (value) =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, kinds(inner)]))
    : typeof value;

/** The parameters of a page to open. */
function described(page) {
  const { client_id, state, code_challenge, ...rest } = Object.fromEntries(new URL(page).searchParams);
  return { ...rest, different: kinds({ client_id, state, code_challenge }) };
}

/** In this order; `differs` is a row of docs/differences.md. */
const STORIES = [
  { name: 'a server that wants a login', differs: 'a remote MCP server that wants a login', play: status, at: 'code' },
  {
    name: 'the page to open',
    play: async (side, name) => described(await start(side, name)),
    at: 'code',
  },
  { name: 'a connection meanwhile', play: reconnect, at: 'code' },
  {
    name: 'a wrong code, and the status after it',
    play: async (side, name) => [await finish(side, name, 'wrong'), await status(side, name)],
    at: 'code',
  },
  {
    name: 'how often a wrong code is sent',
    differs: 'a wrong code of a login at an MCP server',
    play: async (side, name) => {
      await start(side, name);
      const sent = () => servers[name].requests.filter((request) => request === 'POST /token').length;
      const before = sent();
      await finish(side, name, 'wrong');
      return sent() - before;
    },
    at: 'code',
  },
  {
    name: 'the right code',
    play: async (side, name) => {
      const code = await codeOf(await start(side, name));
      return [await finish(side, name, code), await status(side, name), await side.answer(`/mcp/${name}/auth`, {})];
    },
    at: 'code',
  },
  {
    name: 'what is kept',
    differs: '`mcp-auth.json`',
    play: async (side, name) => {
      const { mode } = await stat(side.dataFile('mcp-auth.json'));
      return { mode: mode & 0o777, entry: kinds((await kept(side))[name]) };
    },
    at: 'code',
  },
  {
    name: 'a renewal',
    play: async (side, name) => {
      servers[name].expire();
      const before = (await kept(side))[name].tokens;
      const connected = await reconnect(side, name);
      const after = (await kept(side))[name].tokens;
      return [connected, before.accessToken === after.accessToken, before.refreshToken === after.refreshToken];
    },
    at: 'code',
  },
  {
    name: 'a renewal while the login server is out of order',
    differs: 'a login at an MCP server that cannot be renewed now',
    play: async (side, name) => {
      servers[name].expire();
      servers[name].say('/token', 'Out of order', 503);
      const broken = await reconnect(side, name);
      servers[name].instead.clear();
      return [broken, await reconnect(side, name)];
    },
    at: 'code',
  },
  {
    name: 'a renewal that is refused',
    differs: 'a login at an MCP server that is not taken any more',
    play: async (side, name) => {
      servers[name].revoke();
      return [await reconnect(side, name), (await side.answer(`/mcp/${name}/auth`, {})).status];
    },
    at: 'code',
  },
  {
    name: 'a login by the browser',
    play: async (side, name) => {
      const waiting = side.answer(`/mcp/${name}/auth/authenticate`, {});
      const page = await openedPage(side);
      const url = await back(page);
      const bent = async (change) => {
        const other = new URL(url);
        change(other);
        return (await fetch(other)).status;
      };
      const strange = [
        await bent((other) => (other.pathname = '/else')),
        await bent(({ searchParams }) => searchParams.delete('state')),
        await bent(({ searchParams }) => searchParams.delete('code')),
        await bent(({ searchParams }) => searchParams.set('state', 'guessed')),
      ];
      const shown = await fetch(url);
      await shown.text();
      return [strange, shown.status, await waiting, await status(side, name)];
    },
    at: 'browser',
  },
  {
    name: 'a login that is forgotten',
    play: async (side, name) => [
      await forget(side, name),
      await status(side, name),
      (await kept(side))[name],
      await forget(side, name),
    ],
    at: 'browser',
  },
  {
    name: 'a login that the person refuses',
    differs: 'a login at an MCP server that the person refuses',
    play: async (side, name) => {
      await writeFile(opened(side), '');
      servers[name].denies = true;
      const waiting = side.answer(`/mcp/${name}/auth/authenticate`, {});
      const shown = await fetch(await openedPage(side));
      return [shown.status, /<no>/.test(await shown.text()), await waiting];
    },
    at: 'refused',
  },
  {
    name: 'a server that may not be logged in to',
    differs: '`POST /mcp/:name/auth` that cannot work, or for an unknown name',
    play: async (side, name) => [await side.answer(`/mcp/${name}/auth`, {}), await status(side, name)],
    at: 'never',
  },
  {
    name: 'a login server without registration',
    differs: '`POST /mcp/:name/auth` that cannot work, or for an unknown name',
    play: async (side, name) => [await side.answer(`/mcp/${name}/auth`, {}), await status(side, name)],
    at: 'closed',
  },
  {
    name: 'a client that was registered by hand',
    play: async (side, name) => {
      const page = await start(side, name);
      return [new URL(page).searchParams.get('client_id'), await finish(side, name, await codeOf(page))];
    },
    at: 'byhand',
  },
  {
    name: 'a server that does not say who its login server is',
    play: async (side, name) => {
      const page = await start(side, name);
      return [described(page), await finish(side, name, await codeOf(page)), await status(side, name)];
    },
    at: 'older',
  },
  {
    name: 'a code that nobody waits for',
    differs: '`POST /mcp/:name/auth` that cannot work, or for an unknown name',
    play: (side, name) => finish(side, name, 'x'),
    at: 'never',
  },
  { name: 'no code', play: async (side, name) => (await finish(side, name, undefined)).status, at: 'code' },
  {
    name: 'an unknown name',
    differs: '`POST /mcp/:name/auth` that cannot work, or for an unknown name',
    play: async (side) => [await side.answer('/mcp/nobody/auth', {}), await finish(side, 'nobody', 'x')],
  },
  { name: 'an unknown name to forget', differs: 'unknown ids', play: (side) => forget(side, 'nobody') },
];

/** The ports of listeners depend on who came first. */
const plain = (value) =>
  JSON.parse(JSON.stringify(value ?? null).replaceAll(/127\.0\.0\.1:\d+\/mcp\/oauth/g, '$LISTENER'));

const options = {
  model,
  reference: [await reference()],
  files: {},
  config: { mcp },
  variables: (own) => ({ ...own, PATH: [bin, own.PATH].join(delimiter), OPENED: join(own.HOME, '../opened') }),
};

await withSides(options, async (ours, theirs) => {
  for (const { name, differs, play, at } of STORIES)
    await check(differs ? `${name} (differs: ${differs})` : name, async (expect) => {
      const found = differences(plain(await play(ours, at)), plain(await play(theirs, at)));
      if (differs) expect(found.length > 0, true);
      else expect(found.join('\n       '), '');
    });

  for (const [reader, writer] of [
    [ours, theirs],
    [theirs, ours],
  ])
    await check(
      `logins kept by ${writer === ours ? 'this server' : 'the reference'} are of use for the other`,
      async (expect) => {
        await forget(writer, 'code');
        await finish(writer, 'code', await codeOf(await start(writer, 'code')));
        const file = 'mcp-auth.json';
        await copyFile(writer.dataFile(file), reader.dataFile(file));
        expect((await reconnect(reader, 'code')).status, 'connected');
        servers.code.expire();
        expect((await reconnect(reader, 'code')).status, 'connected');
        await copyFile(reader.dataFile(file), writer.dataFile(file));
        expect((await reconnect(writer, 'code')).status, 'connected');
      },
    );
});
for (const server of Object.values(servers)) await server.close();
conclude();
