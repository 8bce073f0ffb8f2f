import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { Module } from '@nestjs/common';
import {
  type LanguageModelProvider,
  MODEL_PROVIDER_SPECIFICATION,
  ModelProvider,
  type ModelProviderContext,
  PROVIDER_LOGIN_SPECIFICATION,
  type ProviderLogin,
  ProviderLoginSource,
  type ProviderLoginSourceHandler,
} from 'opencode-nest';

const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** Says what it hears. A real one would return the language model of an AI SDK package. */
@ModelProvider({ id: 'echo', name: 'Echo', env: ['ECHO_KEY'] })
export class EchoProvider implements LanguageModelProvider {
  readonly specificationVersion = MODEL_PROVIDER_SPECIFICATION;

  /** Without a key there is nothing to use. */
  async models({ key }: ModelProviderContext) {
    return key ? [{ id: 'loud', name: 'Loud echo', limit: { context: 8_000, output: 1_000 } }] : [];
  }

  async languageModel(): Promise<LanguageModelV4> {
    return {
      specificationVersion: 'v4',
      provider: 'echo',
      modelId: 'loud',
      supportedUrls: {},
      doGenerate: () => Promise.reject(new Error('This model streams only.')),
      doStream: async ({ prompt }) => {
        const heard = prompt.findLast(({ role }) => role === 'user')?.content;
        const text = Array.isArray(heard) ? heard.map((part) => (part.type === 'text' ? part.text : '')).join('') : '';
        const parts: LanguageModelV4StreamPart[] = [
          { type: 'text-start', id: '1' },
          { type: 'text-delta', id: '1', delta: text.toUpperCase() },
          { type: 'text-end', id: '1' },
          { type: 'finish', usage: USAGE, finishReason: { unified: 'stop', raw: undefined } },
        ];
        return { stream: ReadableStream.from(parts) };
      },
    };
  }
}

/** Whoever knows the word gets a key; a real one would open a page and exchange the code that it shows. */
@ProviderLoginSource()
export class EchoLogin implements ProviderLoginSourceHandler {
  readonly specificationVersion = PROVIDER_LOGIN_SPECIFICATION;

  logins(): ProviderLogin[] {
    const finish = async (word?: string) =>
      word === 'echo' ? { credential: { type: 'api' as const, key: 'from the login' } } : undefined;
    const begun = { url: '', instructions: 'Call into the valley.', method: 'code' as const, finish };
    return [{ provider: 'echo', methods: [{ type: 'oauth', label: 'By voice', authorize: async () => begun }] }];
  }
}

/** Publish it as a package: whoever imports it has the provider. */
@Module({ providers: [EchoProvider, EchoLogin] })
export class EchoProviderModule {}
