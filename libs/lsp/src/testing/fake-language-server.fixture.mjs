// A language server for tests. Each line with BAD is an error, each with WARN a warning.
// Arguments: a file to log every message to, then how it misbehaves.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, existsSync } from 'node:fs';
import * as rpc from 'vscode-jsonrpc/node';

const [log, ...modes] = process.argv.slice(2);
const is = (mode) => modes.includes(mode);
const note = (entry) => appendFileSync(log, `${JSON.stringify(entry)}\n`);
const connection = rpc.createMessageConnection(
  new rpc.StreamMessageReader(process.stdin),
  new rpc.StreamMessageWriter(process.stdout),
);
const texts = new Map();

note({ start: process.pid, cwd: process.cwd(), env: process.env.FAKE ?? null });
if (is('refuse')) {
  process.stderr.write('no licence\n');
  process.exit(3);
}
if (is('flood')) process.stderr.write('x'.repeat(8_000_000));
if (is('garbage')) process.stdout.write('Hello, I am not a language server\r\n\r\n');
if (is('chatter')) setInterval(() => process.stdout.write('x'.repeat(1_000_000)), 1);
if (is('deaf')) process.on('SIGTERM', () => undefined);
if (is('daemon')) {
  const child = spawn('/bin/sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  note({ start: child.pid });
}

function diagnosticsOf(text) {
  return text.split('\n').flatMap((line, number) =>
    ['BAD', 'WARN'].flatMap((word, index) => {
      const start = line.indexOf(word);
      if (start < 0) return [];
      const range = {
        start: { line: number, character: start },
        end: { line: number, character: start + word.length },
      };
      return { range, severity: index + 1, message: `${word} found`, source: 'fake' };
    }),
  );
}

function publish(uri, version, text) {
  const diagnostics = diagnosticsOf(text);
  void connection.sendNotification('textDocument/publishDiagnostics', { uri, version, diagnostics });
}

// with "pull" or "register" it has to be asked: what is wrong with a file may depend on any other that says FAR
const provider = { identifier: 'asked', interFileDependencies: true, workspaceDiagnostics: false };
const registration = (id) => ({
  id,
  method: 'textDocument/diagnostic',
  registerOptions: {
    ...provider,
    identifier: `asked ${id}`,
    documentSelector: [{ scheme: 'file', pattern: '**/*.fake' }],
  },
});
let refusals = is('busy') ? 2 : 0;
function report(uri, previousResultId) {
  const far = [...texts.values()].some((text) => text.includes('FAR')) ? 'BAD' : '';
  const text = (texts.get(uri) ?? '').replace('NEAR', far);
  const resultId = createHash('sha1').update(text).digest('hex');
  if (resultId === previousResultId) return { kind: 'unchanged', resultId };
  return { kind: 'full', resultId, items: diagnosticsOf(text) };
}
function diagnose({ textDocument, previousResultId }) {
  if (is('grumpy')) return new rpc.ResponseError(-32603, 'not today');
  if (refusals-- > 0)
    return refusals > 0
      ? new rpc.ResponseError(-32802, 'busy', { retriggerRequest: true })
      : new rpc.ResponseError(-32801, 'content modified');
  const { uri } = textDocument;
  if (texts.get(uri).includes('HANG')) return new Promise(() => undefined);
  const related = [...texts.keys()].filter((other) => is('related') && other !== uri);
  return {
    ...report(uri, previousResultId),
    ...(is('related') && { relatedDocuments: Object.fromEntries(related.map((other) => [other, report(other)])) }),
  };
}

function publishList(uri, diagnostics) {
  void connection.sendNotification('textDocument/publishDiagnostics', { uri, diagnostics });
}

function storm(uri) {
  for (let n = 0; n < 5100; n++) {
    publishList(`${uri}.${n}`, diagnosticsOf('BAD'));
    publishList(uri, diagnosticsOf('BAD\n'.repeat(n === 5099 ? 2000 : 1)));
  }
}

function odd(uri) {
  const [good] = diagnosticsOf('BAD');
  publishList('untitled:one', [good]);
  publishList('file:///outside', [good]);
  publishList('file:///%00%2F', [good]);
  publishList(uri, 'none');
  publishList(uri, [
    null,
    {},
    { message: 'nowhere' },
    { ...good, range: { start: {} } },
    { ...good, severity: undefined },
    good,
  ]);
}

function take({ uri, version }, text) {
  texts.set(uri, text);
  if (text.includes('DIE')) {
    process.stderr.write('it was too much\n');
    process.exit(9);
  }
  if (text.includes('SHUT')) return closeSync(1);
  if (text.includes('STORM')) return storm(uri);
  if (text.includes('ODD')) return odd(uri);
  if (is('silent') || ((is('pull') || is('register')) && !is('both'))) return;
  if (!is('late')) return publish(uri, version, text);
  publish(uri, version - 1, '');
  setTimeout(() => publish(uri, version, text), 400);
}

const range = { start: { line: 0, character: 0 }, end: { line: 2, character: 1 } };
const answers = {
  'textDocument/diagnostic': diagnose,
  'textDocument/definition': ({ textDocument }) => [{ uri: textDocument.uri, range }],
  'textDocument/references': ({ textDocument }) => [{ uri: textDocument.uri, range }],
  'textDocument/implementation': () => null,
  'textDocument/hover': ({ position }) => ({ contents: is('huge') ? 'x'.repeat(20_000_000) : `at ${position.line}` }),
  'textDocument/documentSymbol': ({ textDocument }) => [
    { name: 'outer', kind: 5, location: { uri: textDocument.uri, range } },
  ],
  'textDocument/prepareCallHierarchy': ({ textDocument }) => [{ name: 'f', kind: 12, uri: textDocument.uri, range }],
  'callHierarchy/incomingCalls': ({ item }) => [{ from: item, fromRanges: [] }],
  'callHierarchy/outgoingCalls': () => [],
  'workspace/symbol': ({ query }) => [
    { name: 'file', kind: 1, location: { uri: 'file:///f', range } },
    ...Array.from({ length: 15 }, (_, n) => ({
      name: `${query}${n}`,
      kind: 12,
      location: { uri: 'file:///f', range },
    })),
  ],
};

connection.onRequest('initialize', async (params) => {
  note({ method: 'initialize', params });
  if (is('mute')) return new Promise(() => undefined);
  while (is('slow') && !existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
  const textDocumentSync = is('saves') ? { openClose: true, change: 1, save: {} } : 1;
  return { capabilities: { textDocumentSync, ...(is('pull') && { diagnosticProvider: provider }) } };
});
connection.onNotification('initialized', async () => {
  note({ method: 'initialized' });
  if (is('blind')) process.stdin.pause();
  if (is('vue')) void connection.sendNotification('tsserver/request', [7, 'quickinfo', {}]);
  const ask = async (method, params) => {
    const answer = await connection.sendRequest(method, params).catch((error) => ({ code: error.code }));
    note({ asked: method, answer });
  };
  await ask('workspace/configuration', { items: [{ section: 'fake.level' }, {}] });
  await ask('workspace/workspaceFolders');
  await ask('window/workDoneProgress/create', { token: 1 });
  await ask('client/registerCapability', {
    registrations: [
      {
        id: '1',
        method: 'workspace/didChangeWatchedFiles',
        registerOptions: { watchers: [{ globPattern: '**/*.{fake,json}' }] },
      },
    ],
  });
  await ask('window/showMessageRequest', { message: '?' });
  if (is('register')) await ask('client/registerCapability', { registrations: [registration('2')] });
});
connection.onNotification('textDocument/didOpen', (params) => {
  note({ method: 'textDocument/didOpen', params });
  take(params.textDocument, params.textDocument.text);
});
connection.onNotification('textDocument/didChange', (params) => {
  note({ method: 'textDocument/didChange', params });
  // as some do: anew under another id
  if (is('register')) {
    void connection.sendRequest('client/registerCapability', { registrations: [registration('3')] });
    void connection.sendRequest('client/unregisterCapability', { unregisterations: [registration('2')] });
  }
  take(params.textDocument, params.contentChanges[0].text);
});
connection.onRequest((method, params, token) => {
  note({ method, params });
  token.onCancellationRequested(() => note({ cancelled: method }));
  if (method === 'shutdown') return is('deaf') ? new Promise(() => undefined) : null;
  if (is('stuck')) return new Promise(() => undefined);
  if (is('mortal')) process.exit(1);
  return answers[method] ? answers[method](params) : new rpc.ResponseError(rpc.ErrorCodes.MethodNotFound, 'unknown');
});
connection.onNotification((method, params) => {
  note({ method, params });
  if (method === 'workspace/didChangeWatchedFiles' && is('refresh'))
    void connection.sendRequest('workspace/diagnostic/refresh');
  if (method === 'exit' && !is('deaf')) process.exit(0);
});
if (!is('deaf')) process.stdin.on('end', () => process.exit(0));
connection.listen();
setInterval(() => undefined, 60_000);
