import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { GLOBAL_MODULE_METADATA, MODULE_METADATA } from '@nestjs/common/constants.js';
import { agentDiscovery, ownerOf, setOwner } from './agent-discovery.service.js';

type Import = NonNullable<DynamicModule['imports']>[number];
type Export = NonNullable<DynamicModule['exports']>[number];

const KIND = Symbol('opencode-nest.isolation.kind');

/** A module of which each isolated agent has its own, also where a module of a plugin imports it. */
export const PerAgent = (): ClassDecorator => (type) => Reflect.defineMetadata(KIND, 'agent', type);

/** A module that all agents of an application share, as it stands for something that is there once. */
export const SharedByAgents = (): ClassDecorator => (type) => Reflect.defineMetadata(KIND, 'shared', type);

/**
 * One of several agents in an application. Nest makes one instance of each provider per module class, so an agent with
 * nothing in common with the others needs module classes of its own: copies, which import each other and not the
 * originals. They stand in the one application, so its guards, prefix, document and shutdown count for them too.
 */
export class Isolation {
  private readonly copies = new Map<unknown, unknown>();
  /** What every copy can inject from: for this agent what global modules are for the agent of an application. */
  private readonly common: DynamicModule & Required<Pick<DynamicModule, 'imports' | 'exports'>>;

  constructor(readonly name: string) {
    this.common = { module: this.own(class CommonModule {}), imports: [], exports: [] };
  }

  /** Lets every copy inject what a module exports. Before the application starts only. */
  provide(module: DynamicModule): void {
    const copy = this.copy(module);
    this.common.imports.push(copy);
    this.common.exports.push(copy);
  }

  /** Copies made of a module and of all it imports, shared ones aside. */
  copy<M extends Type<unknown> | DynamicModule>(module: M): M {
    return this.copied(module, (entry) => this.mapped(entry, (inner) => this.copy(inner)));
  }

  /** A copy of a module of the application; what it imports stays shared with the application. */
  copyAlone<M extends Type<unknown> | DynamicModule>(module: M): M {
    const isAgents = (entry: Type<unknown> | DynamicModule) =>
      this.copies.has(entry) || kindOf('module' in entry ? entry.module : entry) === 'agent';
    return this.copied(module, (entry) => this.mapped(entry, (inner) => (isAgents(inner) ? this.copy(inner) : inner)));
  }

  /** Modules that are used as they are, whoever imports them. */
  share(modules: readonly unknown[]): void {
    for (const module of modules) this.copies.set(module, module);
  }

  private copied<M extends Type<unknown> | DynamicModule>(module: M, importOf: (entry: Import) => Import): M {
    const known = this.copies.get(module);
    if (known) return known as M;
    const copy = typeof module === 'function' ? this.classOf(module, importOf) : this.dynamicOf(module, importOf);
    return copy as M;
  }

  private dynamicOf(module: DynamicModule, importOf: (entry: Import) => Import): DynamicModule {
    const { imports = [], providers = [], exports = [], ...rest } = module;
    const copy: DynamicModule = { ...rest, module: this.copied(module.module, importOf), global: false };
    copy.providers = [...providers, agentDiscovery(this)];
    this.copies.set(module, copy);
    copy.imports = imports.map(importOf);
    copy.exports = exports.map((entry) => this.exportOf(entry));
    return copy;
  }

  private classOf(type: Type<unknown>, importOf: (entry: Import) => Import): Type<unknown> {
    if (kindOf(type) === 'shared') return type;
    const copy = this.own(class extends (type as Type<object>) {}, type.name);
    this.copies.set(type, copy);
    const { imports, providers, controllers, exports } = metadataOf(type);
    Module({
      imports: [...imports.map(importOf), this.common],
      providers: [...providers, agentDiscovery(this)],
      controllers,
      exports: exports.map((entry) => this.exportOf(entry)),
    })(copy);
    return copy;
  }

  private own<T extends Type<unknown>>(type: T, name = type.name): T {
    Object.defineProperty(type, 'name', { value: `${name}(${this.name})` });
    setOwner(type, this);
    Reflect.defineMetadata(GLOBAL_MODULE_METADATA, false, type);
    return type;
  }

  private mapped(entry: Import, map: (module: Type<unknown> | DynamicModule) => Import): Import {
    if (entry instanceof Promise) return entry.then((module) => map(module) as DynamicModule);
    return typeof entry === 'function' || 'module' in entry ? map(entry) : entry;
  }

  /** A module that is exported is imported too, so its copy is there. Anything else is a token. */
  private exportOf(entry: Export): Export {
    return (this.copies.get(entry) as Export | undefined) ?? entry;
  }
}

/** The isolated agent that a module was made for. */
export function isolationOf(type: object): Isolation | undefined {
  const owner = ownerOf(type);
  return owner instanceof Isolation ? owner : undefined;
}

const kindOf = (type: object): unknown => Reflect.getMetadata(KIND, type) as unknown;

function metadataOf(type: object) {
  const list = <T>(key: string): T[] => (Reflect.getMetadata(key, type) as T[] | undefined) ?? [];
  return {
    imports: list<Import>(MODULE_METADATA.IMPORTS),
    providers: list<NonNullable<DynamicModule['providers']>[number]>(MODULE_METADATA.PROVIDERS),
    controllers: list<Type<unknown>>(MODULE_METADATA.CONTROLLERS),
    exports: list<Export>(MODULE_METADATA.EXPORTS),
  };
}
