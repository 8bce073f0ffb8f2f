import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fetchText } from '#libs/config';
import { errorText } from '#libs/contract';
import { Environment } from '#libs/extension';
import { PROVIDER_OPTIONS, type ProviderOptions } from '../provider.options.js';
import { CatalogueService, parseCatalogue } from './catalogue.service.js';

const ADDRESS = 'https://models.dev';
/** Milliseconds after the start: the first requests come first. */
const FIRST = 1_000;
/** Milliseconds between two downloads. */
const EVERY = 60 * 60_000;
/** Milliseconds and bytes of one download; a larger answer is no catalogue. */
const LIMITS = { time: 10_000, size: 64_000_000 };

/**
 * Keeps the catalogue of models in the cache directory current: soon after the start and every hour, in the background.
 * Nobody waits for it, and a server without a network goes on with what it has. Only where the host wants it.
 */
@Injectable()
export class CatalogueRefresh implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(CatalogueRefresh.name);
  private readonly ending = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly catalogue: CatalogueService,
    private readonly environment: Environment,
    @Optional() @Inject(PROVIDER_OPTIONS) private readonly options?: ProviderOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.options?.refreshCatalogue || this.environment.flag('OPENCODE_DISABLE_MODELS_FETCH')) return;
    const refresh = () => void this.refresh();
    this.timers.push(setTimeout(refresh, FIRST).unref(), setInterval(refresh, EVERY).unref());
  }

  onModuleDestroy(): void {
    this.timers.forEach(clearTimeout);
    this.ending.abort();
  }

  /** Downloads the catalogue now. Rejects when that fails; what is there stays. */
  async update(): Promise<void> {
    const text = await this.download();
    parseCatalogue(text);
    await this.write(text);
    this.catalogue.forget();
  }

  /** The same; a failure is logged. */
  async refresh(): Promise<void> {
    try {
      await this.update();
    } catch (error) {
      if (!this.ending.signal.aborted) this.log.debug(`The model catalogue was not refreshed: ${errorText(error)}`);
    }
  }

  private async download(): Promise<string> {
    const base = this.environment.variables['OPENCODE_MODELS_URL'] || ADDRESS;
    const headers = { 'user-agent': `opencode/latest/${this.environment.version}/${this.environment.client}` };
    try {
      return await fetchText(`${base.replace(/\/$/, '')}/api.json`, { ...LIMITS, signal: this.ending.signal, headers });
    } catch (error) {
      throw new Error(`${base} gave no catalogue: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Beside the file and then in its place, so that nobody reads half of it. */
  private async write(text: string): Promise<void> {
    const file = this.catalogue.cacheFile;
    const temporary = `${file}.${randomUUID()}.tmp`;
    await mkdir(dirname(file), { recursive: true });
    try {
      await writeFile(temporary, text);
      await rename(temporary, file);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}
