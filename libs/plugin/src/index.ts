export { PluginModule } from './plugin.module.js';
export { PLUGIN_OPTIONS, type PluginOptions } from './plugin.options.js';
