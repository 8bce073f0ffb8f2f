import { type DynamicModule, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { AgentModule } from '#libs/agent';
import { ConfigModule } from '#libs/config';
import { FileModule } from '#libs/file';
import { LspModule } from '#libs/lsp';
import { McpModule } from '#libs/mcp';
import { PermissionModule } from '#libs/permission';
import { PluginModule } from '#libs/plugin';
import { ProjectModule } from '#libs/project';
import { ProviderModule } from '#libs/provider';
import { PtyModule } from '#libs/pty';
import { SessionModule } from '#libs/session';
import { ToolModule } from '#libs/tool';
import { TuiModule } from '#libs/tui';
import { BootError } from './boot.error.js';
import { KernelModule } from './kernel.module.js';
import type { ASYNC_OPTIONS_TYPE, OpencodeExtras, OPTIONS_TYPE } from './opencode-options.js';
import { WorldModule } from './world.module.js';

const LIBRARIES = [
  ConfigModule,
  ProjectModule,
  PermissionModule,
  ProviderModule,
  McpModule,
  LspModule,
  FileModule,
  PluginModule,
  PtyModule,
  ToolModule,
  AgentModule,
  SessionModule,
  TuiModule,
];

/**
 * The coding agent without its HTTP side: sessions, runs, tools, models, permissions, events. A host application
 * imports it once and injects `SessionService`, `SessionRunner`, `EventBus` and the others it exports.
 *
 * @example
 * ```ts
 * imports: [
 *   OpencodeModule.forRoot({ environment: new SystemEnvironment(process.env, process.cwd()) }),
 *   OpencodeHttpModule, // leave it out to stay headless
 * ]
 * ```
 * @publicApi
 */
@Module({})
export class OpencodeModule {
  constructor(modules: ModulesContainer) {
    const copies = [...modules.values()].filter(({ metatype }) => metatype === OpencodeModule);
    if (copies.length > 1)
      throw new BootError(
        'OpencodeModule.forRoot() stands twice in this application. Call it once, in the root module; other modules ' +
          'get its exports when it is called with isGlobal: true, or when they import the same returned object.',
      );
  }

  /** Everything with settings that are known now. */
  static forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return assemble(WorldModule.forRoot(options), options);
  }

  /** The same with settings from a factory or a class; `storage` and `isGlobal` are given beside it. */
  static forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return assemble(WorldModule.forRootAsync(options), options);
  }
}

function assemble(world: DynamicModule, { storage, isGlobal = false }: OpencodeExtras): DynamicModule {
  const kernel = KernelModule.on(world, { storage });
  return {
    module: OpencodeModule,
    global: isGlobal,
    imports: [kernel, ...LIBRARIES],
    exports: [kernel, ...LIBRARIES],
  };
}
