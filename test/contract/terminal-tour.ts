import { TuiControl } from '#libs/tui';
import type { ContractWorld } from './contract-world.js';

/** Terminals, from their start to their end. */
export async function tourOfTerminals({ ask, contract, server, project }: ContractWorld): Promise<void> {
  const terminal = await ask('POST', '/pty', 200, { command: '/bin/cat', title: 'Cat' });
  const at = `/pty/${terminal.id}`;
  await ask('POST', '/pty', 400, { command: '/no/such/program' });
  expect(await ask('GET', '/pty', 200)).toEqual([terminal]);
  expect(await ask('GET', at, 200)).toEqual(terminal);
  await ask('PUT', at, 200, { title: 'Renamed', size: { rows: 10, cols: 20 } });
  await ask('PUT', at, 400, { size: { rows: 0, cols: 20 } });
  const socket = new WebSocket(`${server.url}${at}/connect?directory=${encodeURIComponent(project.directory)}`);
  await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
  // the answer of a WebSocket is no JSON: what the document says of it cannot be looked at
  contract.answer('GET', `${at}/connect`, 200);
  await ask('DELETE', at, 200);
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['GET', '/connect'],
  ] as const)
    await ask(method, `/pty/pty_missing${path}`, 404, method === 'PUT' ? { title: 'x' } : undefined);
}

/** Everything that terminal clients are told. */
export async function tourOfTerminalClients({ ask, server }: ContractWorld): Promise<void> {
  const session = await ask('POST', '/session', 200);
  await ask('POST', '/tui/append-prompt', 200, { text: 'hello' });
  for (const name of ['open-help', 'open-sessions', 'open-themes', 'open-models', 'submit-prompt', 'clear-prompt'])
    await ask('POST', `/tui/${name}`, 200);
  await ask('POST', '/tui/execute-command', 200, { command: 'agent_cycle' });
  await ask('POST', '/tui/execute-command', 400, { command: 'nonsense' });
  await ask('POST', '/tui/show-toast', 200, { message: 'hello', variant: 'info' });
  await ask('POST', '/tui/publish', 200, { type: 'tui.toast.show', properties: { message: 'm', variant: 'error' } });
  await ask('POST', '/tui/publish', 400, { type: 'session.idle', properties: {} });
  await ask('POST', '/tui/append-prompt', 400, {});
  await ask('POST', '/tui/select-session', 200, { sessionID: session.id });
  await ask('POST', '/tui/select-session', 404, { sessionID: 'ses_missing' });
  await ask('POST', '/tui/select-session', 400, { sessionID: 'missing' });
  const answered = server.app.get(TuiControl).request({ path: '/hello', body: { a: 1 } });
  expect(await ask('GET', '/tui/control/next', 200)).toEqual({ path: '/hello', body: { a: 1 } });
  await ask('POST', '/tui/control/response', 200, ['done']);
  expect(await answered).toEqual(['done']);
}
