import { Module } from '@nestjs/common';
import {
  AGENT_HOOK_SPECIFICATION,
  AgentHook,
  type AgentHookHandler,
  type PermissionCase,
  PermissionPolicy,
} from 'opencode-nest';

type Action = Awaited<ReturnType<PermissionPolicy['decide']>>;

/** Nothing leaves the company, whatever the configuration of a project says. */
export class CompanyPolicy extends PermissionPolicy {
  decide({ permission, pattern }: PermissionCase, byRules: Action): Action {
    if (permission === 'bash' && /\b(curl|wget|scp|ssh)\b/.test(pattern)) return 'deny';
    if (permission === 'webfetch' && !new URL(pattern).hostname.endsWith('.example.com')) return 'deny';
    return byRules;
  }
}

@AgentHook()
class HouseStyle implements AgentHookHandler {
  readonly specificationVersion = AGENT_HOOK_SPECIFICATION;

  systemPrompt(sections: readonly string[]): string[] {
    return [...sections, 'Write commit messages in the imperative.'];
  }
}

@Module({ providers: [HouseStyle] })
export class PolicyModule {}
