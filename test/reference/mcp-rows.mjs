// The MCP servers that mcp.mjs gives to both sides, and what it does with them. A reason is a row of
// docs/differences.md, and a pattern for the lines in which that difference shows.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { built } from './stage.mjs';

const { reply } = await built('src/testing.js');

const { resolve } = createRequire(import.meta.url);
const program = (path, ...args) => ({ type: 'local', command: [process.execPath, path, ...args] });
const everything = program(resolve('@modelcontextprotocol/server-everything/dist/index.js'));
const filesystem = program(resolve('@modelcontextprotocol/server-filesystem/dist/index.js'), '.');
const faulty = (...modes) =>
  program(fileURLToPath(new URL('../fixtures/mcp/faulty-server.mjs', import.meta.url)), ...modes);

/** @param url of a web server that is none of MCP */
export const servers = (url) => ({
  every: everything,
  'my fs/é': filesystem,
  odd: { ...faulty(), environment: { GREETING: 'hello' } },
  odder: faulty('schemas', 'old'),
  off: { ...everything, enabled: false },
  stub: { enabled: false },
  missing: { type: 'local', command: ['/no/such/program'] },
  crashing: faulty('crash'),
  silent: { ...faulty('silent'), timeout: 600 },
  unlisted: { ...faulty('deaf=tools/list'), timeout: 600 },
  refused: { type: 'remote', url: 'http://127.0.0.1:9/mcp' },
  nothing: { type: 'remote', url: `${url}/nothing` },
  broken: { type: 'remote', url: `${url}/broken` },
});

const because = (row, shows) => ({ row, shows });
const REASONS = {
  errors: because('errors of MCP servers in `GET /mcp`', /^\/body\/\w+\/error: /),
  added: because('servers added with `POST /mcp`', /^\/body\/(added|sleeping|absent|empty|nobody)/),
  died: because('an MCP server that died', /^\/body\/odd/),
  failed: because('`isError` of an MCP tool', /^\/calls\/0\/(status|error|output|title|metadata\/truncated): /),
  textless: because('answers of MCP tools without text', /^\/calls\/0\/output: /),
  // every text that models read is our own
  words: because('hints for models', /^\/calls\/0\/output: .*saved to/),
  prompts: because('a prompt of an MCP server that checks its arguments, or fails', /^\/(status|parts)/),
  shell: because('`` !`…` `` in templates of MCP servers', /^\/parts\/0\/text: "Say !`touch pwned`/),
  media: because('image and PDF resources of MCP servers in a prompt', /^\/parts\/\d\/url: "data:image/),
  validation: because('validation errors', /^\/body\/errors\//),
  templates: because('prompts of MCP servers in `GET /command`', /\/template: /),
};

/** Status and body of an answer. */
async function answer(side, path, json) {
  const response = await fetch(side.server.url + path, {
    method: json ? 'POST' : 'GET',
    headers: { 'x-opencode-directory': side.project.directory, 'content-type': 'application/json' },
    ...(json && { body: JSON.stringify(json) }),
  });
  return side.plain({ status: response.status, body: await response.json() });
}
const get = (path) => (side) => answer(side, path);
const post = (path, json) => (side) => answer(side, path, json);

/** The parts of the user that a prompt or a command makes. */
const asked = (route, body) => async (side) => {
  side.model.clear();
  side.model.push(reply().text('Done.'));
  const { id } = await side.request('/session', { title: 'Compared' });
  const { status } = await answer(side, `/session/${id}/${route}`, body);
  side.model.clear();
  const [message] = await side.request(`/session/${id}/message`);
  const parts = message?.parts.map(({ type, text, synthetic, url, mime, filename, source }) => {
    return { type, text, synthetic, url, mime, filename, source };
  });
  return side.plain({ status, parts });
};
const command = (name, words = '') => asked('command', { command: name, arguments: words });
const resource = (clientName, uri, mime = 'text/plain') => {
  const source = { type: 'resource', clientName, uri, text: { value: '@res', start: 0, end: 4 } };
  return asked('message', { parts: [{ type: 'file', mime, url: uri, filename: 'res', source }] });
};

/** What the model is told of the tools of MCP servers. */
const offered = async (side) => {
  side.model.clear();
  side.model.push(reply().text('Done.'));
  const { id } = await side.request('/session', { title: 'Compared' });
  await side.request(`/session/${id}/message`, { parts: [{ type: 'text', text: 'Hello' }] });
  const tools = side.model.requests[0].body.tools.map((tool) => tool.function);
  return Object.fromEntries(
    tools.filter(({ name }) => /^(every|my_fs|odd)/.test(name)).map((tool) => [tool.name, tool]),
  );
};

const listedPrompts = async (side) => {
  const { body } = await answer(side, '/command');
  const found = body.filter(({ source }) => source === 'mcp');
  return Object.fromEntries(found.map((prompt) => [prompt.name, prompt]));
};

export const mcpRows = () => ROWS.map(([name, play, ...reasons]) => ({ name, play, reasons }));

const call = (tool, input = {}, ...reasons) => [
  `call: ${tool} ${JSON.stringify(input)}`,
  (side) => side.play([{ tool, input }]),
  ...reasons,
];
const { errors, added, died, failed, textless, words, prompts, shell, media, validation, templates } = REASONS;

const ROWS = [
  ['GET /mcp', get('/mcp'), errors],
  ['GET /command', listedPrompts, templates],
  ['GET /experimental/resource', get('/experimental/resource')],
  ['GET /experimental/tool/ids', get('/experimental/tool/ids')],
  ['what the model is told', offered],

  call('every_echo', { message: 'hello' }),
  call('every_get-sum', { a: 1, b: 2 }),
  call('every_get-sum', { a: 'x' }, failed),
  call('every_get-tiny-image'),
  call('every_get-annotated-message', { messageType: 'error', includeImage: true }),
  call('every_get-structured-content', { location: 'Chicago' }),
  call('every_get-resource-links', { count: 2 }, textless),
  call('every_toggle-simulated-logging'),
  call('every_trigger-long-running-operation', { duration: 1, steps: 2 }),
  call('my_fs___list_directory', { path: '.' }),
  call('my_fs___read_text_file', { path: 'a.txt' }),
  call('my_fs___read_text_file', { path: '/etc/passwd' }, failed),
  call('odd_where'),
  call('odd_repeat', { a: [1], b: { c: null } }),
  call('odd_ask'),
  call('odd_fail', {}, failed),
  call('odd_fail_silently', {}, failed),
  call('odd_explode'),
  call('odd_structured', {}, textless),
  call('odd_both'),
  call('odd_nothing'),
  call('odd_image'),
  call('odd_mixed', {}, textless),
  call('odd_big', {}, words),
  call('odd_big_image'),
  call('odd_grow'),
  call('odd_grown'),
  call('odd_garbage'),
  call('odd_flood'),

  ['prompt: no arguments', command('every:simple-prompt')],
  ['prompt: arguments', command('every:args-prompt', 'Paris Texas')],
  ['prompt: one argument of two', command('every:args-prompt', 'Paris')],
  ['prompt: more words than arguments', command('every:args-prompt', 'Paris Texas United States')],
  ['prompt: words, and no arguments', command('every:simple-prompt', 'and more')],
  ['prompt: a resource', command('every:resource-prompt', 'Text 1'), prompts],
  ['prompt: several messages', command('odd:letter', 'Ann "the cat"')],
  ['prompt: more than text', command('odd:picture_book')],
  ['prompt: one that fails', command('odd:broken'), prompts],
  ['prompt: a shell command', command('odd:sneaky', 'me'), shell],

  ['resource: text', resource('odd', 'x://readme')],
  ['resource: image', resource('odd', 'x://picture', 'image/png'), media],
  ['resource: several contents', resource('odd', 'x://bundle')],
  ['resource: no contents', resource('odd', 'x://nothing')],
  ['resource: unknown', resource('odd', 'x://none')],
  ['resource: unknown server', resource('nobody', 'x://none')],
  ['resource: server that is switched off', resource('off', 'x://none')],
  ['resource: of everything', resource('every', 'demo://resource/static/document/features.md')],

  ['POST /mcp: nonsense', post('/mcp', { name: 'x', config: { type: 'other' } }), validation],
  ['POST /mcp: no config', post('/mcp', { name: 'x' }), validation],
  ['POST /mcp: no command', post('/mcp', { name: 'x', config: { type: 'local' } }), validation],
  ['POST /mcp: unknown key', post('/mcp', { name: 'x', config: { ...faulty(), nonsense: 1 } }), validation],
  ['POST /mcp: timeout 0', post('/mcp', { name: 'x', config: { ...faulty(), timeout: 0 } }), validation],
  ['POST /mcp: added', post('/mcp', { name: 'added', config: faulty() }), errors],
  ['POST /mcp: switched off', post('/mcp', { name: 'sleeping', config: { ...faulty(), enabled: false } }), errors],
  ['POST /mcp: empty command', post('/mcp', { name: 'empty', config: { type: 'local', command: [] } }), errors],
  ['POST /mcp: the same name', post('/mcp', { name: 'added', config: faulty('schemas') }), errors],
  ['GET /mcp, with added ones', get('/mcp'), errors, added],
  ['what the model is told of added ones', offered],
  call('added_plain', {}),

  ['connect: switched off', post('/mcp/off/connect', {})],
  ['connect: unknown', post('/mcp/nobody/connect', {})],
  ['connect: cannot start', post('/mcp/missing/connect', {})],
  ['GET /mcp, after connecting', get('/mcp'), errors, added],
  ['disconnect', post('/mcp/every/disconnect', {})],
  ['disconnect: unknown', post('/mcp/nobody/disconnect', {})],
  ['GET /mcp, after disconnecting', get('/mcp'), errors, added],
  ['GET /experimental/resource, after disconnecting', get('/experimental/resource')],
  ['what the model is told after that', offered],

  call('odd_die'),
  ['GET /mcp, after a death', get('/mcp'), errors, added, died],
];
