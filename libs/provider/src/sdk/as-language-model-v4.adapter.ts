import type {
  LanguageModelV2,
  LanguageModelV2StreamPart,
  LanguageModelV3,
  LanguageModelV3StreamPart,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { AnyLanguageModel } from './ai-sdk-adapter.js';
import { oldCallOptions } from './old-call-options.js';

type OldModel = LanguageModelV2 | LanguageModelV3;
type OldPart = LanguageModelV2StreamPart | LanguageModelV3StreamPart;
type Usage = LanguageModelV4GenerateResult['usage'];
type FinishReason = LanguageModelV4GenerateResult['finishReason'];

/** A language model of any specification the AI SDK had since version 2, as one of version 4. */
export function asLanguageModelV4(model: AnyLanguageModel): LanguageModelV4 {
  if (model.specificationVersion === 'v4') return model;
  if (model.specificationVersion === 'v3' || model.specificationVersion === 'v2') return new OldLanguageModel(model);
  const { specificationVersion: version = 'none' } = model as { specificationVersion?: string };
  throw new Error(`The model's specification version is ${version}; v2, v3 and v4 are known. Update its package.`);
}

class OldLanguageModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider: string;
  readonly modelId: string;

  constructor(private readonly model: OldModel) {
    this.provider = model.provider;
    this.modelId = model.modelId;
  }

  get supportedUrls() {
    return this.model.supportedUrls;
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const result = await this.call('doGenerate', options);
    return {
      ...result,
      content: result.content.map(newPart),
      usage: newUsage(result.usage),
      finishReason: newFinishReason(result.finishReason),
      warnings: newWarnings(result.warnings),
    } as LanguageModelV4GenerateResult;
  }

  async doStream(options: LanguageModelV4CallOptions) {
    const result = await this.call('doStream', options);
    const renew = new TransformStream<OldPart, LanguageModelV4StreamPart>({
      transform: (part, controller) => controller.enqueue(newStreamPart(part)),
    });
    return { ...result, stream: (result.stream as ReadableStream<OldPart>).pipeThrough(renew) };
  }

  private async call<K extends 'doGenerate' | 'doStream'>(
    method: K,
    options: LanguageModelV4CallOptions,
  ): Promise<Awaited<ReturnType<LanguageModelV2[K]>> | Awaited<ReturnType<LanguageModelV3[K]>>> {
    const call = this.model[method] as (options: unknown) => ReturnType<OldModel[K]>;
    return await call.call(this.model, oldCallOptions(options, this.model.specificationVersion));
  }
}

function newStreamPart(part: OldPart): LanguageModelV4StreamPart {
  switch (part.type) {
    case 'finish':
      return {
        ...part,
        usage: newUsage(part.usage),
        finishReason: newFinishReason(part.finishReason),
      };
    case 'stream-start':
      return { type: 'stream-start', warnings: newWarnings(part.warnings) };
    case 'file':
      return { ...part, data: { type: 'data', data: part.data } };
    default:
      return part as LanguageModelV4StreamPart;
  }
}

/** Files carried their data bare. */
function newPart<T extends { type: string }>(part: T): T {
  return part.type === 'file' && 'data' in part ? { ...part, data: { type: 'data', data: part.data } } : part;
}

function newUsage(usage: unknown): Usage {
  const old = usage as Record<string, number | undefined>;
  if (typeof old['inputTokens'] === 'object') return usage as Usage;
  return {
    // whether the total includes cached tokens was up to the provider: left to whoever counts
    inputTokens: {
      total: old['inputTokens'],
      noCache: undefined,
      cacheRead: old['cachedInputTokens'],
      cacheWrite: undefined,
    },
    outputTokens: { total: old['outputTokens'], text: undefined, reasoning: old['reasoningTokens'] },
    ...(typeof old['totalTokens'] === 'number' ? { raw: { total_tokens: old['totalTokens'] } } : {}),
  };
}

function newFinishReason(reason: unknown): FinishReason {
  if (typeof reason !== 'string') return reason as FinishReason;
  return { unified: reason === 'unknown' ? 'other' : (reason as FinishReason['unified']), raw: reason };
}

function newWarnings(warnings: readonly unknown[]): LanguageModelV4GenerateResult['warnings'] {
  return warnings.map((warning) => {
    const { type, setting, tool, details } = warning as Record<string, unknown>;
    if (type !== 'unsupported-setting' && type !== 'unsupported-tool')
      return warning as LanguageModelV4GenerateResult['warnings'][number];
    const feature = typeof setting === 'string' ? setting : ((tool as { name?: string } | undefined)?.name ?? 'tool');
    return { type: 'unsupported', feature, ...(typeof details === 'string' ? { details } : {}) };
  });
}
