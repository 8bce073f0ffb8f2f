import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OnEvent } from '@nestjs/event-emitter';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import {
  AgentTool,
  type AgentToolHandler,
  type LanguageModelProvider,
  MODEL_PROVIDER_SPECIFICATION,
  ModelProvider,
  NumberField,
  OpencodeHttpModule,
  OpencodeModule,
  type PublishedEvent,
  SystemEnvironment,
  type ToolContext,
} from '../../../src/index.js';

class DiceInput {
  @NumberField({ int: true, min: 2, optional: true })
  sides?: number;
}

@AgentTool({ id: 'dice', description: 'Rolls a die and tells the result.', input: DiceInput })
class DiceTool implements AgentToolHandler<DiceInput> {
  async execute({ sides = 6 }: DiceInput, context: ToolContext) {
    await context.ask({ permission: 'dice', patterns: [String(sides)], always: ['*'], metadata: {} });
    return { title: `d${sides}`, output: `It shows ${sides}.` };
  }
}

const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** Rolls the die, then says what it heard. */
@ModelProvider({ id: 'parrot', name: 'Parrot' })
class ParrotProvider implements LanguageModelProvider {
  readonly specificationVersion = MODEL_PROVIDER_SPECIFICATION;

  async models() {
    return [{ id: 'green', name: 'Green parrot', capabilities: { toolcall: true } }];
  }

  async languageModel(): Promise<LanguageModelV4> {
    return {
      specificationVersion: 'v4',
      provider: 'parrot',
      modelId: 'green',
      supportedUrls: {},
      doGenerate: () => Promise.reject(new Error('streams only')),
      doStream: async ({ prompt }) => {
        const last = prompt.at(-1);
        const heard = last?.role === 'tool' ? last.content[0] : undefined;
        const output = heard?.type === 'tool-result' && heard.output.type === 'text' ? heard.output.value : undefined;
        const parts: LanguageModelV4StreamPart[] = output
          ? [
              { type: 'text-start', id: '1' },
              { type: 'text-delta', id: '1', delta: output },
              { type: 'text-end', id: '1' },
              { type: 'finish', usage: USAGE, finishReason: { unified: 'stop', raw: undefined } },
            ]
          : [
              { type: 'tool-call', toolCallId: 'call_1', toolName: 'dice', input: '{"sides":20}' },
              { type: 'finish', usage: USAGE, finishReason: { unified: 'tool-calls', raw: undefined } },
            ];
        return { stream: ReadableStream.from(parts) };
      },
    };
  }
}

@Injectable()
class Listener {
  readonly idle: string[] = [];

  @OnEvent('session.idle')
  onIdle(event: PublishedEvent<'session.idle'>) {
    this.idle.push(`${event.directory} ${event.properties.sessionID}`);
  }
}

@Controller('host')
class HostController {
  @Get()
  greet() {
    return { host: 'still here' };
  }
}

describe('a host application', () => {
  let directory: string;
  let app: NestFastifyApplication;
  let url: string;
  beforeAll(async () => {
    directory = await makeFolder();
    @Module({
      imports: [
        OpencodeModule.forRoot({ environment: new SystemEnvironment({ HOME: directory }, directory) }),
        OpencodeHttpModule,
      ],
      controllers: [HostController],
      providers: [DiceTool, ParrotProvider, Listener],
    })
    class AppModule {}
    app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
      logger: false,
      forceCloseConnections: true,
    });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await removeFolder(directory);
  });

  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  };

  it('keeps its own routes and answers', async () => {
    expect(await (await fetch(`${url}/host`)).json()).toEqual({ host: 'still here' });
    const unknown = await fetch(`${url}/nowhere`);
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { statusCode: 404 }]);
  });

  it('serves its own model and tool through ours, and hears the events', async () => {
    const session = await post('/session', {});
    const model = { providerID: 'parrot', modelID: 'green' };
    const answer = await post(`/session/${String(session['id'])}/message`, {
      model,
      parts: [{ type: 'text', text: 'Roll' }],
    });
    expect(answer['parts']).toMatchObject([{ type: 'step-start' }, { type: 'text', text: 'It shows 20.' }, {}]);
    expect(app.get(Listener).idle).toEqual([`${directory} ${String(session['id'])}`]);
    const ids = (await (await fetch(`${url}/experimental/tool/ids`)).json()) as string[];
    expect(ids).toContain('dice');
  });
});
