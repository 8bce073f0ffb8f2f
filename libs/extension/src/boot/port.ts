/** Version of the ports; it changes when what they ask of an implementation changes. @publicApi */
export const PORT_SPECIFICATION = 'opencode-nest/ports/v1';

/**
 * What ports have in common: abstract classes that an implementation extends, which are the tokens to inject them by
 * too. The application does not start with one that extends the ports of a package of another version.
 * @publicApi
 */
export abstract class Port {
  /** Comes with the class that is extended. A plain object with the methods of a port may leave it out. */
  readonly specificationVersion?: string = PORT_SPECIFICATION;
}
