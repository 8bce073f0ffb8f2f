import { WireError } from '#libs/contract';

/** A plugin could not be loaded or set up: the instance cannot be used until it is mended or left out. */
export class PluginError extends WireError {
  constructor(plugin: string, why: string, options?: ErrorOptions) {
    super('UnknownError', 500, { message: `The plugin ${plugin} failed: ${why}`, plugin }, options);
  }
}

/** A plugin has used its client in an application that has no HTTP side. */
export class ClientUnavailableError extends WireError {
  constructor() {
    super('ClientUnavailableError', 500, {
      message:
        'The client of plugins speaks to the HTTP side, which this application leaves out: import OpencodeHttpModule beside OpencodeModule.',
    });
  }
}
