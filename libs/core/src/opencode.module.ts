import { type DynamicModule, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { AgentModule } from '#libs/agent';
import { ConfigModule } from '#libs/config';
import { BootError, isolationOf } from '#libs/extension';
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
import { chooseStorage } from './choose-storage.js';
import { isolate } from './isolate.js';
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
 * imports it once and injects `SessionService`, `SessionRunner`, `EventBus` and the others it exports. With `isolated` it
 * can stand there several times.
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
    const name = isolationOf(new.target)?.name;
    const copies = [...modules.values()].filter(
      ({ metatype }) => isOpencode(metatype) && isolationOf(metatype)?.name === name,
    );
    if (copies.length < 2) return;
    throw new BootError(
      name === undefined
        ? 'OpencodeModule.forRoot() stands twice in this application. Call it once, in the root module; other modules ' +
            'get its exports when it is called with isGlobal: true, or when they import the same returned object. For ' +
            'several agents give each a name: forRoot({ isolated: "reviews" }).'
        : `Two agents of this application are called "${name}". Give one another name in ` +
            'OpencodeModule.forRoot({ isolated }), or import the same returned object twice to mean the same agent.',
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

function assemble(world: DynamicModule, extras: OpencodeExtras): DynamicModule {
  const { isGlobal = false, isolated, modules = [] } = extras;
  const stores = chooseStorage(extras, world);
  const kernel = KernelModule.on(world, stores);
  const whole = { module: OpencodeModule, imports: [kernel, ...LIBRARIES], exports: [kernel, ...LIBRARIES] };
  if (isolated !== undefined) return isolate(whole, { ...extras, isolated, stores, kernel });
  return { ...whole, global: isGlobal, imports: [...whole.imports, ...modules] };
}

const isOpencode = (type: unknown): type is typeof OpencodeModule =>
  type === OpencodeModule || (typeof type === 'function' && type.prototype instanceof OpencodeModule);
