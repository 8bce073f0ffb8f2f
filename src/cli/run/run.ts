import type { Command } from '../command.js';
import { listOption, textOption, UsageError } from '../command.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';
import { follow } from './follow.js';
import { readMessage } from './message.js';
import { JsonPrinter } from './json-printer.js';
import { TextPrinter } from './text-printer.js';
import { chooseSession } from './choose-session.js';

/** Sends one prompt and prints the answer. */
export const run: Command = {
  name: 'run',
  summary: 'Send a prompt and print the answer',
  words: '[message…]',
  options: {
    command: { type: 'string', value: 'name', summary: 'Run a slash command; the message is its arguments' },
    continue: { type: 'boolean', short: 'c', summary: 'Go on with the newest session' },
    session: { type: 'string', short: 's', value: 'id', summary: 'Go on with this session' },
    fork: { type: 'boolean', summary: 'Go on with a copy of the session; with --continue or --session' },
    share: { type: 'boolean', summary: 'Share the session' },
    model: { type: 'string', short: 'm', value: 'provider/model', summary: 'Model to use' },
    agent: { type: 'string', value: 'name', summary: 'Agent to use' },
    variant: { type: 'string', value: 'name', summary: 'Variant of the model, such as high' },
    format: {
      type: 'string',
      value: 'format',
      choices: ['default', 'json'],
      summary: 'How to print',
      fallback: 'default',
    },
    file: { type: 'string', short: 'f', list: true, value: 'path', summary: 'Files and folders to attach' },
    title: { type: 'string', value: 'text', summary: 'Title of a new session; empty: the beginning of the message' },
    thinking: { type: 'boolean', summary: 'Print what the model thinks' },
    port: { type: 'string', value: 'number', summary: 'Accepted for compatibility, not used' },
    ...SERVER_OPTIONS,
  },

  async run(args) {
    const command = textOption(args, 'command');
    const text = await readMessage(args.words, process.stdin);
    if (text === '' && command === undefined) throw new UsageError('You must provide a message or a command');
    if (args.options['fork'] && !args.options['continue'] && args.options['session'] === undefined)
      throw new UsageError('--fork needs --continue or --session');
    return withServer(args, async (client) => {
      const session = await chooseSession(client, args, text);
      const printer =
        args.options['format'] === 'json'
          ? new JsonPrinter(session.id, args.options['thinking'] === true)
          : new TextPrinter(session.directory, args.options['thinking'] === true);
      const failed = await follow(client, session.id, printer, {
        text,
        command,
        files: listOption(args, 'file'),
        model: textOption(args, 'model'),
        agent: textOption(args, 'agent'),
        variant: textOption(args, 'variant'),
      });
      return failed ? 1 : 0;
    });
  },
};
