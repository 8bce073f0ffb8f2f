import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AssistantMessageWithParts, Session } from '#libs/contract';
import { type Command, textOption, UsageError } from '../command.js';
import { askText, choose } from '../ask.js';
import type { ApiClient } from '../server/api-client.js';
import { DIRECTORY_OPTIONS, withLocalServer } from '../server/with-server.js';
import { whileWaiting } from '../while-waiting.js';

const MODES = ['all', 'primary', 'subagent'] as const;
/** Permissions of the tools that an agent may be without. */
const TOOLS = 'bash read write edit list glob grep webfetch task todowrite todoread'.split(' ');
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What the model is asked to write. */
interface Draft {
  identifier: string;
  whenToUse: string;
  prompt: string;
}

const SCHEMA = {
  type: 'object',
  properties: {
    identifier: { type: 'string', pattern: NAME.source, description: 'Name: two to four words, joined by hyphens' },
    whenToUse: {
      type: 'string',
      description: 'When another agent should hand work to this one, in one or two sentences',
    },
    prompt: { type: 'string', description: 'The system prompt of the agent, in the second person' },
  },
  required: ['identifier', 'whenToUse', 'prompt'],
  additionalProperties: false,
};

const TASK = `Design an agent for a coding assistant from the description below. Write a system prompt that says what the
agent is an expert in, how it works step by step, what it checks before it is done, what its answer looks like, and what
it leaves alone. Do not use tools.

Description:
`;

/** Lets the model write an agent, and keeps it as a Markdown file. */
export const agentCreate: Command = {
  name: 'agent create',
  summary: 'Let the model write a new agent from a description',
  options: {
    path: {
      type: 'string',
      value: 'folder',
      summary: 'Folder of the agent folder',
      fallback: '.opencode of the project',
    },
    description: { type: 'string', value: 'text', summary: 'What the agent is to do' },
    mode: { type: 'string', value: 'mode', choices: MODES, summary: 'How it can be used' },
    tools: { type: 'string', value: 'list', summary: `Tools it may use, of ${TOOLS.join(',')}`, fallback: 'all' },
    model: { type: 'string', short: 'm', value: 'provider/model', summary: 'Model that writes it' },
    ...DIRECTORY_OPTIONS,
  },

  async run(args) {
    const missing = 'Give --description and --mode, or run this in a terminal';
    const description = textOption(args, 'description') ?? (await askText('What is the agent to do?', missing));
    if (description === undefined) return 1;
    const allowed = textOption(args, 'tools')?.split(',');
    const unknown = allowed?.filter((tool) => tool !== '' && !TOOLS.includes(tool)) ?? [];
    if (unknown.length > 0) throw new UsageError(`Unknown tools: ${unknown.join(', ')}. There are ${TOOLS.join(', ')}`);
    const mode =
      textOption(args, 'mode') ??
      (await choose(
        'How can it be used?',
        MODES.map((value) => ({ value, label: value })),
        missing,
      ));
    if (mode === undefined) return 1;
    return withLocalServer(args, async ({ client, directory }) => {
      const draft = await whileWaiting(write(client, description, textOption(args, 'model')));
      const folder = join(resolve(directory, textOption(args, 'path') ?? '.opencode'), 'agent');
      const file = join(folder, `${draft.identifier}.md`);
      await mkdir(folder, { recursive: true });
      try {
        await writeFile(file, markdown(draft, mode, allowed), { flag: 'wx' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new Error(`Agent file already exists: ${file}`, { cause: error });
      }
      console.log(file);
      return 0;
    });
  },
};

/** In a session of its own, which is removed afterwards. */
async function write(client: ApiClient, description: string, model: string | undefined): Promise<Draft> {
  const { id } = await client.post<Session>('/session', {
    title: 'New agent',
    permission: [{ permission: '*', pattern: '*', action: 'deny' }],
  });
  try {
    const [providerID = '', ...rest] = model?.split('/') ?? [];
    const { info } = await client.post<AssistantMessageWithParts>(`/session/${id}/message`, {
      ...(model === undefined ? {} : { model: { providerID, modelID: rest.join('/') } }),
      format: { type: 'json_schema', schema: SCHEMA },
      parts: [{ type: 'text', text: TASK + description }],
    });
    if (info.error) throw new Error('message' in info.error.data ? String(info.error.data.message) : info.error.name);
    return info.structured as Draft;
  } finally {
    await client.send('DELETE', `/session/${id}`);
  }
}

function markdown({ whenToUse, prompt }: Draft, mode: string, allowed: readonly string[] | undefined): string {
  const denied = allowed ? TOOLS.filter((tool) => !allowed.includes(tool)) : [];
  return [
    '---',
    // JSON is YAML
    `description: ${JSON.stringify(whenToUse)}`,
    `mode: ${mode}`,
    ...(denied.length > 0 ? ['tools:', ...denied.map((tool) => `  ${tool}: false`)] : []),
    '---',
    '',
    prompt.trim(),
    '',
  ].join('\n');
}
