import { type DynamicModule, Module } from '@nestjs/common';
import { OpencodeHttpModule } from '#libs/api';
import { type OpencodeExtras, OpencodeModule, type OpencodeOptions } from '#libs/core';

/** The standalone server: the agent and its HTTP side, nothing else. */
@Module({})
export class ServerModule {
  static forRoot(options: OpencodeOptions & Pick<OpencodeExtras, 'storage' | 'imports'>): DynamicModule {
    const { imports = [], ...rest } = options;
    // the edge has looked at the origin of every request already
    const http = OpencodeHttpModule.forRoot({ allowedOrigin: () => true });
    return {
      module: ServerModule,
      imports: [OpencodeModule.forRoot({ ...rest, isGlobal: true }), http, ...imports],
    };
  }
}
