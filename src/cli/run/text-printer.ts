import type { MessageError, Part } from '#libs/contract';
import { styleText } from 'node:util';
import type { Printer } from './follow.js';
import { toolLine } from './tool-line.js';
import { Waiting } from './waiting.js';

/** For people: the answer on stdout, everything about it on stderr. */
export class TextPrinter implements Printer {
  private readonly waiting = new Waiting();

  constructor(
    private readonly directory: string,
    private readonly thinking: boolean,
  ) {}

  start(agent: string, model: string): void {
    this.note(`> ${agent} · ${model}\n`);
    this.waiting.begin();
  }

  part(part: Part): void {
    const print = this.printerOf(part);
    if (!print) return;
    this.waiting.pause();
    print();
    this.waiting.begin();
  }

  error(error: MessageError): void {
    this.waiting.pause();
    const message = 'message' in error.data ? String(error.data.message) : error.name;
    console.error(`${style('red', 'Error:')} ${message}`);
  }

  note(text: string): void {
    this.waiting.pause();
    console.error(text);
  }

  end(): void {
    this.waiting.pause();
  }

  private printerOf(part: Part): (() => void) | undefined {
    if (part.type === 'text') {
      if (part.synthetic || part.text.trim() === '') return undefined;
      return () => console.log(process.stdout.isTTY ? `\n${part.text.trim()}\n` : part.text.trim());
    }
    if (part.type === 'reasoning') {
      if (!this.thinking || part.text.trim() === '') return undefined;
      return () => console.error(style('dim', `Thinking: ${part.text.trim()}`));
    }
    const line = part.type === 'tool' ? toolLine(part, this.directory) : undefined;
    return line === undefined ? undefined : () => console.error(line);
  }
}

const style = (format: 'red' | 'dim', text: string): string => styleText(format, text, { stream: process.stderr });
