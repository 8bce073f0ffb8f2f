import { Controller, Get, Module } from '@nestjs/common';
import { OpencodeHttpModule, OpencodeModule, SystemEnvironment } from 'opencode-nest';

@Controller()
class HomeController {
  @Get()
  home(): string {
    return 'The agent lives at /agent, its documentation at /agent/doc.';
  }
}

@Module({
  imports: [
    OpencodeModule.forRoot({ environment: new SystemEnvironment(process.env, process.cwd()), storage: 'memory' }),
    OpencodeHttpModule.forRoot({ prefix: 'agent' }),
  ],
  controllers: [HomeController],
})
export class AppModule {}
