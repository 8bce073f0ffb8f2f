import { Injectable, Module, Scope, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { NotFoundError } from '#libs/contract';
import { Instance } from '#libs/instance';
import { AgentHook } from './agent-hook.decorator.js';
import { AGENT_HOOK_SPECIFICATION, type AgentHookHandler } from './agent-hook.js';
import { HookError } from './hook.error.js';
import type { HookContextOf, HookPoint } from './hook-points.js';
import { HookRegistry } from './hook.registry.js';

const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
const instance = new Instance('/proj', { worktree: '/', project });
const other = new Instance('/other', { worktree: '/', project });
const text = { instance, sessionID: 's', messageID: 'm', partID: 'p' };
const call = { instance, tool: 'bash', sessionID: 's', callID: 'c' };

class Base implements AgentHookHandler {
  readonly specificationVersion = AGENT_HOOK_SPECIFICATION;
}

@AgentHook({ order: 5 })
class Late extends Base {
  private readonly mark = '!';
  textComplete(value: string, { partID }: HookContextOf<'textComplete'>) {
    return `${value}${partID}${this.mark}`;
  }
}

@AgentHook()
class Early extends Base {
  async textComplete(value: string) {
    return value.toUpperCase();
  }
}

@AgentHook({ order: 9 })
class OtherOnly extends Base {
  applies = (point: HookPoint, of: Instance) => of === other && point === 'textComplete';
  textComplete = () => 'other';
}

@AgentHook()
class Failing extends Base {
  systemPrompt(): string[] {
    throw new Error('no idea');
  }
  async conversation(): Promise<never> {
    throw new NotFoundError('gone');
  }
  beforeTool(): Promise<Record<string, unknown>> {
    return Promise.reject(new Error('do not read this'));
  }
  permission = () => new Promise<'ask'>(() => undefined);
}

describe('HookRegistry', () => {
  let module: TestingModule | undefined;
  afterEach(() => module?.close());
  const boot = async (...hooks: Type[]) => {
    @Module({ imports: [DiscoveryModule], providers: [HookRegistry, ...hooks] })
    class Guest {}
    module = await Test.createTestingModule({ imports: [Guest] }).compile();
    await module.init();
    return module.get(HookRegistry);
  };

  it('hands the value itself on when there are no hooks', async () => {
    const value = {};
    for (const registry of [await boot(), new HookRegistry()]) {
      expect(registry.has('shellEnvironment', instance)).toBe(false);
      expect(await registry.run('shellEnvironment', value, { instance, cwd: '/' })).toBe(value);
    }
  });

  it('calls hooks in their order, each with what the one before returned', async () => {
    const registry = await boot(Late, OtherOnly, Early);
    expect(registry.has('textComplete', instance)).toBe(true);
    expect(registry.has('systemPrompt', other)).toBe(false);
    expect(await registry.run('textComplete', 'hi', text)).toBe('HIp!');
    expect(await registry.run('textComplete', 'hi', { ...text, instance: other })).toBe('other');
  });

  it('names the hook that fails, lets the errors of clients pass, and those that the model reads', async () => {
    const registry = await boot(Failing);
    const model = {} as HookContextOf<'systemPrompt'>['model'];
    const failure = registry.run('systemPrompt', [], { instance, sessionID: 's', model });
    await expect(failure).rejects.toBeInstanceOf(HookError);
    await expect(failure).rejects.toThrow('The hook systemPrompt of Failing failed: no idea');
    await expect(registry.run('conversation', [], { instance, sessionID: 's' })).rejects.toThrow(NotFoundError);
    const blocked = await registry.run('beforeTool', {}, call).catch((error: unknown) => error);
    expect([(blocked as Error).name, (blocked as Error).message]).toEqual(['Error', 'do not read this']);
  });

  it('waits for nobody when the instance ends', async () => {
    const ending = new Instance('/ending', { worktree: '/', project });
    const registry = await boot(Failing);
    const request = { id: 'per_1', sessionID: 's', permission: 'bash', patterns: [], metadata: {}, always: [] };
    const waiting = registry.run('permission', 'ask', { instance: ending, request });
    ending.end();
    await expect(waiting).rejects.toThrow('Instance /ending is being disposed');
  });

  it('refuses hooks of another version, and those that are no singletons', async () => {
    @AgentHook()
    class Old {
      readonly specificationVersion = 'agent-hook-v0';
    }
    await expect(boot(Old)).rejects.toThrow(/Old is marked @AgentHook\(\) and does not implement agent-hook-v1/);
    @Injectable({ scope: Scope.TRANSIENT })
    @AgentHook()
    class Scoped extends Base {}
    await expect(boot(Scoped)).rejects.toThrow(/Scoped \(@AgentHook\) has no instance at boot/);
  });
});
