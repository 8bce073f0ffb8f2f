import { basename, join, relative, sep } from 'node:path';
import { AgentConfig, CommandConfig, ConfigInvalidError, type DtoClass, validateInput } from '#libs/contract';
import { filesBelow } from '../markdown/files-below.js';
import { type MarkdownDocument } from '../markdown/front-matter.js';
import { readMarkdown } from '../markdown/read-markdown.js';
import type { JsonObject } from './json-object.js';
import type { LoadContext } from './load-context.js';
import { normalise } from './normalise.js';

const EXTENSION = '.md';

interface NamedDocument extends MarkdownDocument {
  path: string;
  /** The path below its folder, without extension. */
  name: string;
}

/**
 * The commands, agents and modes in the Markdown files of a configuration directory, ready to be merged. A file that
 * cannot be read, or whose front matter is no YAML, is left out and told of.
 * @throws ConfigInvalidError when a value is wrong
 */
export async function loadMarkdown(directory: string, context: LoadContext): Promise<JsonObject> {
  const command: JsonObject = {};
  for (const file of await documentsIn(directory, 'command', context))
    command[file.name] = checked(CommandConfig, { ...file.data, template: file.body.trim() }, file);

  const agent: JsonObject = {};
  for (const file of await documentsIn(directory, 'agent', context)) {
    const config: JsonObject = checked(AgentConfig, { name: file.name, ...file.data, prompt: file.body.trim() }, file);
    agent[String(config['name'])] = config;
  }
  for (const { name, path, data, body } of await documentsIn(directory, 'mode', context)) {
    // modes are flat, and nobody was ever told that one was wrong
    if (basename(path, EXTENSION) !== name) continue;
    const { value } = validateInput(AgentConfig, { name, ...data, prompt: body.trim() });
    if (value) agent[name] = { ...value, mode: 'primary' };
  }
  return normalise({ command, agent });
}

async function documentsIn(directory: string, kind: string, context: LoadContext): Promise<NamedDocument[]> {
  const documents: NamedDocument[] = [];
  for (const folder of [kind, `${kind}s`]) {
    const root = join(directory, folder);
    const paths = await filesBelow(root, (name) => name.endsWith(EXTENSION), context.trail).catch((error: unknown) => {
      context.onProblem(`The folder ${root} cannot be read`, error);
      return [];
    });
    for (const path of paths) {
      const name = relative(root, path).slice(0, -EXTENSION.length).split(sep).join('/');
      try {
        documents.push({ name, path, ...(await readMarkdown(path, context.trail)) });
      } catch (error) {
        context.onProblem(`The ${kind} ${path} is left out`, error);
      }
    }
  }
  return documents;
}

function checked<T extends object>(type: DtoClass<T>, input: JsonObject, { path, lineOf }: NamedDocument): T {
  const { value, issues } = validateInput(type, input);
  if (!issues) return value;
  const placed = issues.map((issue) => {
    const line = lineOf(String(issue.path[0]));
    return line === undefined ? issue : { ...issue, line };
  });
  throw new ConfigInvalidError({ path, issues: placed });
}
