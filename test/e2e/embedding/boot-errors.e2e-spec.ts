import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { tmpdir } from 'node:os';
import {
  AgentHook,
  AgentTool,
  AiSdkProviderModule,
  COMMAND_SOURCE_SPECIFICATION,
  CommandSource,
  MODEL_PROVIDER_SPECIFICATION,
  ModelProvider,
  OpencodeModule,
  ProviderLoginSource,
  SystemEnvironment,
  ToolSource,
} from '../../../src/index.js';

class NoInput {}

const tool = { id: 'old', description: 'Old.', input: NoInput };
const register = () =>
  AiSdkProviderModule.register({ npm: '@acme/sdk', create: () => Promise.reject(new Error('not asked')) });

@ModelProvider({ id: 'acme', name: 'Acme' })
class Acme {
  readonly specificationVersion = MODEL_PROVIDER_SPECIFICATION;
}
@ModelProvider({ id: 'acme', name: 'Acme again' })
class AcmeAgain {
  readonly specificationVersion = MODEL_PROVIDER_SPECIFICATION;
}
@ModelProvider({ id: 'old', name: 'Old' })
class OldProvider {
  readonly specificationVersion = 'model-provider-v0';
}
@CommandSource({ id: 'runbooks' })
class Runbooks {
  readonly specificationVersion = COMMAND_SOURCE_SPECIFICATION;
  commands = async () => [];
}
@CommandSource({ id: 'runbooks' })
class RunbooksAgain extends Runbooks {}
@CommandSource({ id: 'old' })
class OldCommands {
  commands = async () => [];
}
@ProviderLoginSource()
class OldLogin {
  readonly specificationVersion = 'provider-login-v0';
}
@AgentTool(tool)
class OldTool {
  readonly specificationVersion = 'agent-tool-v0';
  execute = async () => ({ title: '', output: '' });
}
@ToolSource()
class OldTools {
  tools = async () => [];
}
@AgentHook()
class OldHook {}

/** What is wrong with an extension is said when the application starts: who, where, and how to mend it. */
describe('the start of an application refuses', () => {
  const failure = async (providers: Type[], imports: DynamicModule[] = []): Promise<string> => {
    const environment = new SystemEnvironment({ HOME: tmpdir() }, tmpdir());
    @Module({
      imports: [OpencodeModule.forRoot({ environment, storage: 'memory', localModels: false }), ...imports],
      providers,
    })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false }).catch(
      (error: unknown) => error as Error,
    );
    if (app instanceof Error) return app.message;
    await app.close();
    return 'it starts';
  };

  it.each<[string, Type[], RegExp]>([
    [
      'two providers of one id',
      [Acme, AcmeAgain],
      /@ModelProvider .*"acme": Acme and AcmeAgain\. Give one .*another id/,
    ],
    ['a provider of another version', [OldProvider], /OldProvider .*"model-provider-v0".*MODEL_PROVIDER_SPECIFICATION/],
    ['two command sources of one id', [Runbooks, RunbooksAgain], /"runbooks": Runbooks and RunbooksAgain\. Give one/],
    ['a command source without a version', [OldCommands], /"old".*specificationVersion = COMMAND_SOURCE_SPECIFICATION/],
    ['a login of another version', [OldLogin], /OldLogin .*"provider-login-v0".*PROVIDER_LOGIN_SPECIFICATION/],
    ['a tool of another version', [OldTool], /OldTool of AppModule .*"agent-tool-v0".*AGENT_TOOL_SPECIFICATION/],
    ['a tool source without a version', [OldTools], /OldTools .*specificationVersion = TOOL_SOURCE_SPECIFICATION/],
    ['a hook without a version', [OldHook], /OldHook .*specificationVersion = AGENT_HOOK_SPECIFICATION/],
  ])('%s', async (_what, providers, message) => expect(await failure(providers)).toMatch(message));

  it('two registrations of one package', async () => {
    expect(await failure([], [register(), register()])).toMatch(/called twice for the package @acme\/sdk\. Keep one/);
  });
});
