import { type DynamicModule, Module } from '@nestjs/common';
import { OpencodeHttpModule, type OpencodeHttpOptions } from '#libs/api';
import { type OpencodeExtras, OpencodeModule, type OpencodeOptions } from '#libs/core';

/** What the standalone server leaves open of {@link OpencodeHttpOptions}. */
export type ServerHttpOptions = Omit<OpencodeHttpOptions, 'prefix' | 'allowedOrigin'>;

/** The standalone server: the agent and its HTTP side, nothing else. */
@Module({})
export class ServerModule {
  static forRoot(
    options: OpencodeOptions & Pick<OpencodeExtras, 'storage' | 'imports'> & { http?: ServerHttpOptions },
  ): DynamicModule {
    const { imports = [], http, ...rest } = options;
    // the edge has looked at the origin of every request already
    const routes = OpencodeHttpModule.forRoot({ ...http, allowedOrigin: () => true });
    return {
      module: ServerModule,
      imports: [OpencodeModule.forRoot({ ...rest, isGlobal: true }), routes, ...imports],
    };
  }
}
