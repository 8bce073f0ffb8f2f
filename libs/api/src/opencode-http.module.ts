import { type DynamicModule, Module } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { AgentModule } from '#libs/agent';
import { ConfigModule } from '#libs/config';
import { BootError, isolationOf } from '#libs/extension';
import { FileModule } from '#libs/file';
import { DirectorySource, DocController, HttpModule, type HttpOptions, HttpOptionsModule } from '#libs/http';
import { LspModule } from '#libs/lsp';
import { McpModule } from '#libs/mcp';
import { PermissionModule } from '#libs/permission';
import { ProjectModule } from '#libs/project';
import { ProviderModule } from '#libs/provider';
import { PtyModule } from '#libs/pty';
import { SessionModule } from '#libs/session';
import { ToolModule } from '#libs/tool';
import { TuiModule } from '#libs/tui';
import { FileController } from './file/file.controller.js';
import { FindController } from './file/find.controller.js';
import { McpAuthController } from './mcp/mcp-auth.controller.js';
import { McpController } from './mcp/mcp.controller.js';
import { ResourceController } from './mcp/resource.controller.js';
import { AgentController } from './model/agent.controller.js';
import { AuthController } from './model/auth.controller.js';
import { CommandController } from './model/command.controller.js';
import { SkillController } from './model/skill.controller.js';
import { ProviderLoginController } from './model/provider-login.controller.js';
import { ProviderController } from './model/provider.controller.js';
import { PermissionController } from './permission/permission.controller.js';
import { QuestionController } from './permission/question.controller.js';
import { ConfigSchemaController } from './project/config-schema.controller.js';
import { ConfigController } from './project/config.controller.js';
import { LanguageController } from './project/language.controller.js';
import { PlaceController } from './project/place.controller.js';
import { WorktreeController } from './project/worktree.controller.js';
import { ProjectController } from './project/project.controller.js';
import { PtyController } from './pty/pty.controller.js';
import { EventController } from './server/event.controller.js';
import { GlobalController } from './server/global.controller.js';
import { InstanceController } from './server/instance.controller.js';
import { LogController } from './server/log.controller.js';
import { SessionDirectorySource } from './session/session-directory-source.adapter.js';
import { SessionHistoryController } from './session/session-history.controller.js';
import { SessionMessageController } from './session/session-message.controller.js';
import { SessionPartController } from './session/session-part.controller.js';
import { SessionSummarizeController } from './session/session-summarize.controller.js';
import { SessionCommandController } from './session/session-command.controller.js';
import { SessionController } from './session/session.controller.js';
import { ToolController } from './tool/tool.controller.js';
import { TuiControlController } from './tui/tui-control.controller.js';
import { TuiController } from './tui/tui.controller.js';

/** Settings of {@link OpencodeHttpModule}, all optional. @publicApi */
export interface OpencodeHttpOptions extends HttpOptions {
  /** Path before all routes of the contract, and before no others: `agent`, `api/agent`. */
  prefix?: string;
  /** The isolated agent that the routes belong to: what `OpencodeModule.forRoot({ isolated })` returned. */
  for?: DynamicModule;
}

/**
 * The wire contract over HTTP: every route, `/doc` and the event streams included. Needs OpencodeModule beside it.
 *
 * @example imports: [OpencodeModule.forRoot({ … }), OpencodeHttpModule]
 * @publicApi
 */
@Module({
  imports: [
    AgentModule,
    ConfigModule,
    FileModule,
    HttpModule,
    LspModule,
    McpModule,
    PermissionModule,
    ProjectModule,
    ProviderModule,
    PtyModule,
    SessionModule,
    ToolModule,
    TuiModule,
  ],
  controllers: [
    AgentController,
    AuthController,
    CommandController,
    ConfigController,
    ConfigSchemaController,
    DocController,
    EventController,
    FileController,
    FindController,
    GlobalController,
    InstanceController,
    LanguageController,
    LogController,
    McpAuthController,
    McpController,
    PermissionController,
    PlaceController,
    ProjectController,
    ProviderController,
    ProviderLoginController,
    PtyController,
    QuestionController,
    ResourceController,
    SessionCommandController,
    SessionController,
    SessionHistoryController,
    SessionMessageController,
    SessionPartController,
    SessionSummarizeController,
    SkillController,
    ToolController,
    WorktreeController,
    TuiControlController,
    TuiController,
  ],
  providers: [{ provide: DirectorySource, useClass: SessionDirectorySource }],
  exports: [DirectorySource, HttpModule],
})
export class OpencodeHttpModule {
  /**
   * The same with settings of the HTTP edge.
   * @example OpencodeHttpModule.forRoot({ prefix: 'agent' }) // GET /agent/session
   */
  static forRoot({ prefix, for: agent, ...options }: OpencodeHttpOptions): DynamicModule {
    const settings = HttpOptionsModule.forRoot({ ...(prefix !== undefined && { basePath: prefix }), ...options });
    if (agent) return isolated(agent, settings, prefix);
    const routes = prefix === undefined ? [] : [RouterModule.register([{ path: prefix, module: OpencodeHttpModule }])];
    return { module: OpencodeHttpModule, imports: [settings, ...routes] };
  }
}

function isolated(agent: DynamicModule, settings: DynamicModule, prefix = '/'): DynamicModule {
  const isolation = isolationOf(agent.module);
  if (!isolation)
    throw new BootError(
      `OpencodeHttpModule: \`for\` is ${agent.module.name}, which is no isolated agent. Hand over what ` +
        "OpencodeModule.forRoot({ isolated: 'name' }) returned; without `for` the routes belong to the agent of the application.",
    );
  isolation.provide(settings);
  const module = isolation.copy(OpencodeHttpModule);
  return { module, imports: [RouterModule.register([{ path: prefix, module }])] };
}
