import { Injectable } from '@nestjs/common';
import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  type Agent,
  createId,
  type FilePartInput,
  InvalidRequestError,
  type Part,
  type PromptInput,
  type TextPart,
  type UserMessage,
} from '#libs/contract';
import type { ToolContext } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { ToolRegistry } from '#libs/tool';

type PartInput = PromptInput['parts'][number];

/** Bytes of a file that is sent whole. */
const MAX_ATTACHMENT = 32 * 1024 * 1024;
/** Milliseconds a file may take to be read into a prompt. */
const READ_LIMIT = 30_000;

/** Turns the parts that a client sends into the parts that are stored, in the order in which they were sent. */
@Injectable()
export class UserMessageComposer {
  constructor(private readonly tools: ToolRegistry) {}

  /** Rejects with an InvalidRequestError before anything is stored. */
  async compose(instance: Instance, user: UserMessage, agent: Agent, inputs: readonly PartInput[]): Promise<Part[]> {
    const parts: Part[] = [];
    for (const input of inputs) parts.push(...(await this.part(instance, user, agent, input)));
    return parts;
  }

  private async part(instance: Instance, user: UserMessage, agent: Agent, input: PartInput): Promise<Part[]> {
    const ids = () => ({ id: createId('part'), sessionID: user.sessionID, messageID: user.id });
    const whole = <P extends PartInput>(part: P) => ({
      ...part,
      ...ids(),
      ...(part.id !== undefined && { id: part.id }),
    });
    switch (input.type) {
      case 'text':
        return [whole(input)];
      case 'file': {
        const { texts, file } = await this.file(instance, user, agent, input);
        const synthetic = texts.map((text): TextPart => ({ ...ids(), type: 'text', synthetic: true, text }));
        return [...synthetic, whole(file)];
      }
      case 'agent':
        return [whole(input), { ...ids(), type: 'text', synthetic: true, text: callFor(input.name) }];
      case 'subtask':
        return [whole(input)];
    }
  }

  private async file(instance: Instance, user: UserMessage, agent: Agent, input: FilePartInput) {
    const url = URL.parse(input.url);
    if (!url) throw new InvalidRequestError(`Not a URL: ${input.url}; send file:, data: or http: URLs`);
    if (url.protocol === 'data:') return { texts: input.mime === 'text/plain' ? dataTexts(input) : [], file: input };
    if (url.protocol !== 'file:') return { texts: [], file: input };
    const path = filePath(url);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory()) {
      const texts = await this.read(instance, user, agent, { filePath: path });
      return { texts, file: { ...input, mime: 'application/x-directory' } };
    }
    if (input.mime === 'text/plain') {
      return { texts: await this.read(instance, user, agent, { filePath: path, ...lineRange(url) }), file: input };
    }
    if (!stats) throw new InvalidRequestError(`File not found: ${path}`);
    // a device has no end, a pipe may never begin
    if (!stats.isFile()) throw new InvalidRequestError(`Not a regular file: ${path}`);
    if (stats.size > MAX_ATTACHMENT)
      throw new InvalidRequestError(`${path} is too large to attach (${stats.size} bytes; limit ${MAX_ATTACHMENT})`);
    const data = (await readFile(path)).toString('base64');
    return {
      texts: [announce({ filePath: path })],
      file: { ...input, url: `data:${input.mime};base64,${data}` },
    };
  }

  /** What the read tool says; its failure is told to the model instead. */
  private async read(instance: Instance, user: UserMessage, agent: Agent, input: { filePath: string }) {
    const tool = this.tools.get('read');
    if (!tool) return [];
    const context: ToolContext = {
      instance,
      sessionID: user.sessionID,
      messageID: user.id,
      callID: user.id,
      agent: agent.name,
      signal: AbortSignal.any([instance.signal, AbortSignal.timeout(READ_LIMIT)]),
      // the person who attaches a file has allowed it
      ask: () => Promise.resolve(),
      update: () => undefined,
    };
    try {
      return [announce(input), (await tool.execute(input, context)).output];
    } catch (error) {
      return [announce(input), `Reading it failed: ${(error as Error).message}`];
    }
  }
}

const callFor = (agent: string) =>
  `The user wants the agent "${agent}" for this: call the task tool with subagent_type "${agent}" and a prompt made of the message above.`;

const announce = (input: object) =>
  `The user attached a file; this is the read tool called with ${JSON.stringify(input)}:`;

function dataTexts(input: FilePartInput): string[] {
  const comma = input.url.indexOf(',');
  const payload = input.url.slice(comma + 1);
  const base64 = input.url.slice(0, comma).endsWith(';base64');
  let content: string;
  try {
    content = base64 ? Buffer.from(payload, 'base64').toString('utf8') : decodeURIComponent(payload);
  } catch {
    throw new InvalidRequestError(`The data URL of ${input.filename ?? 'a file part'} is not correctly encoded`);
  }
  return [announce({ filePath: input.filename ?? 'attachment' }), content];
}

function filePath(url: URL): string {
  try {
    return fileURLToPath(new URL(url.pathname, 'file://'));
  } catch {
    throw new InvalidRequestError(`Not a path on this machine: ${url.href}`);
  }
}

/** `?start=S&end=E`, lines counted from 1. */
function lineRange(url: URL): { offset?: number; limit?: number } {
  const start = Number(url.searchParams.get('start') ?? Number.NaN);
  const end = Number(url.searchParams.get('end') ?? Number.NaN);
  if (!Number.isInteger(start)) return {};
  const offset = Math.max(start, 1);
  return Number.isInteger(end) && end >= offset ? { offset, limit: end - offset + 1 } : { offset };
}
