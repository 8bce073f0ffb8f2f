import type { ModelDeclaration } from '#libs/extension';
import { isRecord } from '../record.js';

/** A program that serves models on this machine. */
export interface LocalServer {
  id: string;
  /** Where it listens unless told otherwise: an address with the path of its OpenAI-compatible API. */
  defaultURL: string;
  /** Path below the origin that lists its models. */
  listPath: string;
  /** The models in an answer of {@link listPath}; undefined when another program answered. */
  read(body: unknown, headers: Headers): LocalModel[] | undefined;
}

export interface LocalModel {
  id: string;
  /** Tokens, when the server says so. */
  context?: number;
}

/** Ids of models that do not chat. */
const OTHER = /embed|bge-|rerank|whisper|tts/i;

export function declare(model: LocalModel, url: string): ModelDeclaration {
  return {
    id: model.id,
    name: model.id,
    api: { id: model.id, url, npm: '@ai-sdk/openai-compatible' },
    capabilities: { temperature: true, toolcall: true },
    ...(model.context === undefined ? {} : { limit: { context: model.context, output: 0 } }),
  };
}

export const OLLAMA: LocalServer = {
  id: 'ollama',
  defaultURL: 'http://127.0.0.1:11434/v1',
  listPath: '/api/tags',
  read(body) {
    const models = list(body, 'models');
    return models && chats(models.map(({ name, model }) => ({ id: text(name) ?? text(model) ?? '' })));
  },
};

export const LM_STUDIO: LocalServer = {
  id: 'lmstudio',
  defaultURL: 'http://127.0.0.1:1234/v1',
  listPath: '/v1/models',
  read(body) {
    const models = list(body, 'data');
    return models && chats(models.map(({ id }) => ({ id: text(id) ?? '' })));
  },
};

export const LLAMA_CPP: LocalServer = {
  id: 'llamacpp',
  defaultURL: 'http://127.0.0.1:8080/v1',
  listPath: '/v1/models',
  read(body, headers) {
    const models = list(body, 'data');
    // 8080 is a port of many: only a server that names itself counts
    const itself = /llama\.cpp/i.test(headers.get('server') ?? '');
    const own = models?.filter(({ owned_by }) => itself || owned_by === 'llamacpp');
    if (!own || (own.length === 0 && !itself)) return undefined;
    return chats(own.map(({ id, meta }) => ({ id: text(id) ?? '', context: contextOf(meta) })));
  },
};

/** Address for requests from what people write: `host`, `host:port`, an origin, or a full URL. */
export function serverURL(written: string, { defaultURL }: LocalServer): string | undefined {
  const usual = new URL(defaultURL);
  const url = URL.parse(/^https?:\/\//i.test(written) ? written : `http://${written}`);
  if (!url || url.hostname === '') return undefined;
  if (url.port === '' && !/^https?:\/\//i.test(written)) url.port = usual.port;
  // an address to listen on, not to call
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = usual.hostname;
  if (url.pathname === '/' || url.pathname === '') url.pathname = usual.pathname;
  return url.href.replace(/\/$/, '');
}

function chats(models: readonly LocalModel[]): LocalModel[] {
  return models.filter(({ id }) => id !== '' && !OTHER.test(id));
}

function list(body: unknown, key: string): Record<string, unknown>[] | undefined {
  const value = isRecord(body) ? body[key] : undefined;
  return Array.isArray(value) ? value.filter(isRecord) : undefined;
}

function contextOf(meta: unknown): number | undefined {
  const size = isRecord(meta) ? (meta['n_ctx'] ?? meta['n_ctx_train']) : undefined;
  return typeof size === 'number' && size > 0 ? size : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
