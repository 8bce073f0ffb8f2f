import { BadRequestError } from '#libs/contract';

/** Names of `POST /tui/execute-command` that are not simply those of the terminal client. */
const NAMES: Readonly<Record<string, string>> = {
  session_new: 'session.new',
  session_share: 'session.share',
  session_interrupt: 'session.interrupt',
  session_compact: 'session.compact',
  messages_page_up: 'session.page.up',
  messages_page_down: 'session.page.down',
  messages_line_up: 'session.line.up',
  messages_line_down: 'session.line.down',
  messages_half_page_up: 'session.half.page.up',
  messages_half_page_down: 'session.half.page.down',
  messages_first: 'session.first',
  messages_last: 'session.last',
  agent_cycle: 'agent.cycle',
};

/**
 * The command of a terminal client that a name stands for. Dotted names are those of the clients themselves, of which
 * later versions know more, and pass. Throws a BadRequestError for anything else.
 */
export function commandOf(name: string): string {
  const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (known !== undefined) return known;
  if (/^[a-z_]+(\.[a-z_]+)+$/.test(name)) return name;
  const values = Object.keys(NAMES);
  const message = `Unknown command "${name}": use one of ${values.join(', ')}, or a dotted name of the client, such as session.list`;
  throw new BadRequestError({ command: name }, [{ code: 'invalid_value', values, path: ['command'], message }]);
}
