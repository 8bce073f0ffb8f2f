import { Module } from '@nestjs/common';
import { randomUUID, timingSafeEqual } from 'node:crypto';
import {
  AGENT_HOOK_SPECIFICATION,
  AgentHook,
  type AgentHookHandler,
  type AuthenticationRequest,
  Authenticator,
  type PermissionCase,
  PermissionPolicy,
  type Session,
  ShareService,
} from 'opencode-nest';

type Action = Awaited<ReturnType<PermissionPolicy['decide']>>;

/** Nothing leaves the company, whatever the configuration of a project says. */
export class CompanyPolicy extends PermissionPolicy {
  decide({ permission, pattern }: PermissionCase, byRules: Action): Action {
    if (permission === 'bash' && /\b(curl|wget|scp|ssh)\b/.test(pattern)) return 'deny';
    if (permission === 'webfetch' && !isOurs(pattern)) return 'deny';
    return byRules;
  }
}

/** A policy has an answer to everything, also to what is no address. */
const isOurs = (url: string): boolean => URL.canParse(url) && new URL(url).hostname.endsWith('.example.com');

/** Whoever knows the token of the company may use the server. */
export class TokenAuthenticator extends Authenticator {
  override readonly challenge = 'Bearer';

  constructor(private readonly token: string) {
    super();
  }

  authenticate({ headers }: AuthenticationRequest): boolean {
    const given = Buffer.from(String(headers.authorization ?? ''));
    const expected = Buffer.from(`Bearer ${this.token}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

/** Shared sessions lie on a shelf that the intranet serves. */
export class Shelf extends ShareService {
  private readonly places = new Map<string, string>();

  async share({ id }: Session): Promise<{ url: string }> {
    const place = this.places.get(id) ?? randomUUID();
    this.places.set(id, place);
    return { url: `https://intranet.example.com/sessions/${place}` };
  }

  async unshare({ id }: Session): Promise<void> {
    this.places.delete(id);
  }

  has(url: string): boolean {
    return [...this.places.values()].some((place) => url.endsWith(place));
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
