/** What a server asks for with `client/registerCapability`. */
export interface Registration<Options = unknown> {
  id: string;
  method: string;
  registerOptions?: Options | null;
}

export interface RegistrationParams {
  registrations?: Registration[];
}

export interface UnregistrationParams {
  /** The misspelling is that of the protocol. */
  unregisterations?: Pick<Registration, 'id' | 'method'>[];
}

/** The registrations of one method that are in force, as what was made of their options. */
export class Registrations<Value, Options = unknown> {
  private readonly values = new Map<string, Value>();

  constructor(
    private readonly method: string,
    private readonly make: (options: Partial<Options>) => Value,
  ) {}

  get all(): ReadonlyMap<string, Value> {
    return this.values;
  }

  /** Whether any was for this method. */
  register({ registrations = [] }: RegistrationParams): boolean {
    const own = registrations.filter(({ method }) => method === this.method);
    for (const { id, registerOptions } of own) this.values.set(id, this.make(registerOptions ?? {}));
    return own.length > 0;
  }

  unregister({ unregisterations = [] }: UnregistrationParams): void {
    for (const { id } of unregisterations) this.values.delete(id);
  }
}
