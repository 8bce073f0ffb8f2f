export interface PluginOptions {
  /** Whether plugins and tool files of projects and people are run. Default true. */
  enabled?: boolean;
}
export const PLUGIN_OPTIONS = Symbol('PluginOptions');
