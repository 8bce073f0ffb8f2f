import { Injectable } from '@nestjs/common';
import { Environment } from '../environment/environment.port.js';
import { HookRegistry } from './hook.registry.js';
import type { HookContextOf } from './hook-points.js';

/**
 * The variables that a shell of a project gets: those of the server, what hooks add, and the marks of an agent's shell.
 * @publicApi
 */
@Injectable()
export class ShellEnvironment {
  constructor(
    private readonly environment: Environment,
    private readonly hooks: HookRegistry,
  ) {}

  /** The whole environment of a child process. Rejects with a HookError. */
  async of(context: HookContextOf<'shellEnvironment'>): Promise<Record<string, string | undefined>> {
    const added = await this.hooks.run('shellEnvironment', {}, context);
    return { ...this.environment.variables, ...added, AGENT: '1', OPENCODE: '1' };
  }
}
