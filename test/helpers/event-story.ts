import type { ReceivedEvent } from '../../src/testing.js';

/** What the server does in the background, at any moment: no part of a story. */
const isBackground = ({ type, properties }: ReceivedEvent): boolean =>
  type === 'session.diff' ||
  (type === 'message.updated' && properties['info'].role === 'user' && properties['info'].summary !== undefined) ||
  !/^(session|message|permission|question|todo)\./.test(type);

/**
 * The events of a run in short lines, one each, as `sessions.md` names them: what a test compares. Deltas that follow
 * one another become one line with their text. Title and other background events are left out.
 */
export function story(events: readonly ReceivedEvent[]): string[] {
  const lines: string[] = [];
  /** Part and text of the deltas on the last line. */
  let growing = { partID: '', text: '' };
  let working = false;
  const steps = new Set<string>();
  for (const event of events) {
    if (isBackground(event)) continue;
    const { type, properties } = event;
    if (type === 'message.part.delta') {
      const { partID, delta } = properties;
      const more = growing.partID === partID;
      growing = { partID, text: more ? growing.text + delta : delta };
      lines.splice(more ? -1 : lines.length, 1, `delta ${JSON.stringify(growing.text)}`);
      continue;
    }
    growing = { partID: '', text: '' };
    if (type === 'session.status') working = properties['status'].type !== 'idle';
    // the title of a session comes when it is ready
    if (type === 'session.updated' && working) continue;
    if (type === 'message.part.updated' && properties['part'].type === 'step-start') {
      // told again, at any moment, where git is slow
      if (steps.has(properties['part'].id)) continue;
      steps.add(properties['part'].id);
    }
    lines.push(line(event));
  }
  return lines;
}

function line({ type, properties }: ReceivedEvent): string {
  switch (type) {
    case 'session.status':
      return statusLine(properties['status']);
    case 'session.error':
      return `session.error ${properties['error'].name}`;
    case 'message.updated':
      return messageLine(properties['info']);
    case 'message.part.updated':
      return partLine(properties['part']);
    case 'permission.asked':
      return `permission.asked ${properties['permission']} ${properties['patterns'].join(', ')}`;
    case 'permission.replied':
      return `permission.replied ${properties['reply']}`;
    default:
      return type;
  }
}

function statusLine(status: ReceivedEvent['properties']): string {
  return status['type'] === 'retry' ? `retry ${status['attempt']}` : status['type'];
}

function messageLine(info: ReceivedEvent['properties']): string {
  const marks = [
    info['finish'] && `finish=${info['finish']}`,
    info['error'] && `error=${info['error'].name}`,
    info['time'].completed !== undefined && 'completed',
  ].filter(Boolean);
  return [info['role'], ...marks].join(' ');
}

function partLine(part: ReceivedEvent['properties']): string {
  switch (part['type']) {
    case 'text':
    case 'reasoning':
      return `part ${part['type']} ${JSON.stringify(part['text'])}${part['time']?.end === undefined ? '' : ' end'}`;
    case 'tool':
      return `part ${part['tool']} ${part['state'].status}${liveOutput(part['state'])}`;
    case 'step-finish':
      return `step-finish ${part['reason']}`;
    default:
      return part['type'];
  }
}

/** A running call says the same again with each progress. */
const liveOutput = (state: ReceivedEvent['properties']) =>
  state['status'] === 'running' && state['metadata'] !== undefined ? '+' : '';

/** The story with lines that say the same as the line before left out, for tools that report progress. */
export function withoutRepeats(lines: readonly string[]): string[] {
  return lines.filter((line, index) => line !== lines[index - 1]);
}

/** Lines of a whole answer in one step, from the assistant message to its completion. */
export const STEP = {
  open: ['busy', 'assistant', 'busy', 'step-start'],
  close: (reason: string) => [
    `step-finish ${reason}`,
    `assistant finish=${reason}`,
    `assistant finish=${reason} completed`,
  ],
  end: ['busy', 'idle', 'session.idle'],
  prompt: (text: string) => ['user', `part text ${JSON.stringify(text)}`, 'session.updated'],
  text: (text: string) => ['part text ""', `delta ${JSON.stringify(text)}`, `part text ${JSON.stringify(text)} end`],
} as const;
