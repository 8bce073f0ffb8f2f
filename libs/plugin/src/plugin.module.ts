import { Module } from '@nestjs/common';
import { ConfigModule } from '#libs/config';
import { AgentDiscoveryModule } from '#libs/extension';
import { PluginEvents } from './bridge/plugin-events.service.js';
import { PluginHooksAdapter } from './bridge/plugin-hooks.adapter.js';
import { PluginLogins } from './bridge/plugin-logins.adapter.js';
import { PluginClients } from './host/plugin-client.service.js';
import { PluginHost } from './host/plugin-host.service.js';
import { ConfigDependencies } from './load/config-dependencies.service.js';
import { PluginLoader } from './load/plugin-loader.service.js';
import { PluginStore } from './plugin.store.js';
import { FileTools } from './tool/file-tools.adapter.js';
import { PluginTools } from './tool/plugin-tools.adapter.js';

/**
 * Plugins and tool files of projects and people. Needs the EventBus, ShellEnvironment and the ports Environment,
 * PackageInstaller and ProcessRunner from global modules.
 */
@Module({
  imports: [ConfigModule, AgentDiscoveryModule],
  providers: [
    ConfigDependencies,
    FileTools,
    PluginClients,
    PluginEvents,
    PluginHost,
    PluginHooksAdapter,
    PluginLoader,
    PluginLogins,
    PluginStore,
    PluginTools,
  ],
})
export class PluginModule {}
