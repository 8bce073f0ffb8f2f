import type { LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';

/** A finished tool call as the guide finds it in the conversation. */
export interface GuideResult {
  tool: string;
  input: Record<string, unknown>;
  output: LanguageModelV4ToolResultOutput;
}

const MAX_LINES = 20;
const MAX_LINE = 200;

/** Tells the user what came of the tool calls, failures included. */
export function report(results: readonly GuideResult[]): string {
  return results.map(reportOne).join('\n');
}

function reportOne({ tool, input, output }: GuideResult): string {
  const failure = failureOf(output);
  if (failure !== undefined) return failed(tool, failure);
  const text = textOf(output);
  switch (tool) {
    case 'glob':
      return listed(text);
    case 'read':
      return readBack(textIn(input, 'filePath'), text);
    case 'grep':
      return found(textIn(input, 'pattern'), text);
    case 'bash':
      return text.trim() === ''
        ? 'The command finished and printed nothing.\n'
        : `The command printed:\n${block(text)}`;
    case 'write':
      return `I wrote ${textIn(input, 'filePath')}.\n`;
    default:
      return `The tool ${tool} answered:\n${block(text)}`;
  }
}

function textIn(input: Record<string, unknown>, key: string): string {
  const value = input[key];
  return typeof value === 'string' ? value : 'it';
}

function failed(tool: string, message: string): string {
  const text = message.replace(/^Error: /, '').trim();
  if (/reject|denied|not allow|permission|prevents you/i.test(text))
    return `That was not allowed, so nothing was done: ${firstLine(text)}\n`;
  return `The tool ${tool} failed: ${firstLine(text)}\n`;
}

function listed(text: string): string {
  const files = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('('));
  if (files.length === 0 || /^No files found/.test(text)) return 'I found no files there.\n';
  const root = commonDirectory(files);
  const names = files.map((file) => file.slice(root.length));
  const more = text.includes('(Results are truncated') ? ' or more' : '';
  const where = root === '' ? '' : ` in ${root.length > 1 ? root.slice(0, -1) : root}`;
  return `I found ${files.length}${more} ${files.length === 1 ? 'file' : 'files'}${where}:\n${bullets(names)}`;
}

function readBack(file: string, text: string): string {
  const entries = between(text, 'entries');
  if (entries !== undefined) {
    const names = entries.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('('));
    return `The directory ${file} has ${names.length} ${names.length === 1 ? 'entry' : 'entries'}:\n${bullets(names)}`;
  }
  const content = between(text, 'content');
  if (content === undefined) return `${firstLine(text)}\n`;
  const lines = content.split('\n').flatMap((line) => /^\s*\d+: ?(.*)$/s.exec(line)?.[1] ?? []);
  const total = /total (\d+) lines/.exec(content)?.[1];
  return `${file}${total === undefined ? '' : ` (${total} lines)`}:\n${block(lines.join('\n'))}`;
}

function found(pattern: string, text: string): string {
  const text_ = pattern.replace(/\\(.)/g, '$1');
  const count = /^Found (\d+) match/.exec(text)?.[1];
  if (count === undefined) return `I found "${text_}" nowhere.\n`;
  const rest = text.split('\n').slice(1).join('\n');
  return `I found "${text_}" ${count === '1' ? 'once' : `${count} times`}:\n${block(rest)}`;
}

function failureOf(output: LanguageModelV4ToolResultOutput): string | undefined {
  switch (output.type) {
    case 'error-text':
      return output.value;
    case 'error-json':
      return JSON.stringify(output.value);
    case 'execution-denied':
      return output.reason ?? 'The permission was denied';
    default:
      return undefined;
  }
}

function textOf(output: LanguageModelV4ToolResultOutput): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value);
    case 'content':
      return output.value.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    case 'execution-denied':
      return output.reason ?? '';
  }
}

function between(text: string, tag: string): string | undefined {
  return new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1];
}

function bullets(items: readonly string[]): string {
  const shown = items.slice(0, MAX_LINES).map((item) => `- ${cut(item)}`);
  const hidden = items.length - shown.length;
  return `${[...shown, ...(hidden > 0 ? [`- … and ${hidden} more`] : [])].join('\n')}\n`;
}

/** A code block with a fence that the text cannot close. */
function block(text: string): string {
  const lines = text.replace(/\s+$/, '').split('\n');
  const shown = lines.slice(0, MAX_LINES).map(cut);
  const hidden = lines.length - shown.length;
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${shown.join('\n')}\n${fence}\n${hidden > 0 ? `… and ${hidden} more lines.\n` : ''}`;
}

function cut(line: string): string {
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line;
}

function firstLine(text: string): string {
  return cut(text.split('\n', 1)[0] ?? '');
}

/** The longest directory that holds all the files, with its `/` at the end. */
function commonDirectory(files: readonly string[]): string {
  let root = files[0]?.slice(0, files[0].lastIndexOf('/') + 1) ?? '';
  for (const file of files)
    while (!file.startsWith(root)) root = root.slice(0, root.lastIndexOf('/', root.length - 2) + 1);
  return root;
}
