import { Injectable, Logger } from '@nestjs/common';
import type { LSPStatus } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { collectDiagnostics } from './report/collect.js';
import { DiagnosticReport } from './report/diagnostic-report.js';
import { ServerPoolStore } from './server/server-pool.store.js';

/**
 * The language servers of each instance and what they say about files.
 * @publicApi
 */
@Injectable()
export class LspService {
  private readonly log = new Logger(LspService.name);

  constructor(private readonly pools: ServerPoolStore) {}

  /** Servers that run or have failed; `[]` before the first file was touched. */
  async status(instance: Instance): Promise<LSPStatus[]> {
    return (await this.pools.find(instance))?.statuses() ?? [];
  }

  /** Shows a file to its servers, for what comes next. Returns at once, never fails. */
  touch(instance: Instance, path: string): void {
    this.show(instance, path).catch((error: unknown) =>
      this.log.warn(`Showing ${path} to language servers: ${String(error)}`),
    );
  }

  /**
   * Shows files to their servers after they were changed and waits for what these say: ten seconds at most for servers
   * that are being started, then three for diagnostics. Reports what is known when the time is over or the signal
   * aborts.
   *
   * @param paths absolute
   */
  async check(instance: Instance, paths: readonly string[], signal: AbortSignal): Promise<DiagnosticReport> {
    const pool = await this.pools.get(instance);
    const covered = paths.filter((path) => pool.covers(path));
    const changedByOthers = await pool.catchUp();
    const [asked] = await Promise.all([
      this.pools.eachServer(pool, covered, signal, async (client, own) => {
        await client.check(own, signal);
        return client;
      }),
      ...changedByOthers.map(([client, own]) => client.check(own, signal)),
    ]);
    await Promise.all(asked.map((client) => client.checkOthers(signal)));
    return new DiagnosticReport(collectDiagnostics(instance, pool.running, covered));
  }

  /**
   * Tells servers of files that were made, changed or deleted by others than the tools that do so themselves. Returns at
   * once, never fails.
   *
   * @param paths absolute
   */
  changed(instance: Instance, paths: readonly string[]): void {
    this.tell(instance, paths).catch((error: unknown) =>
      this.log.warn(`Telling language servers of changes: ${String(error)}`),
    );
  }

  private async tell(instance: Instance, paths: readonly string[]): Promise<void> {
    const pool = await this.pools.find(instance);
    for (const path of paths) pool?.changed(path);
  }

  private async show(instance: Instance, path: string): Promise<void> {
    const pool = await this.pools.get(instance);
    if (!pool.covers(path)) return;
    await this.pools.eachServer(pool, [path], instance.signal, (client) => client.open(path));
  }
}
