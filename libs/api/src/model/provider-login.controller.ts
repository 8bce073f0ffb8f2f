import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type ProviderAuthAuthorization,
  type ProviderAuthMethod,
  ProviderAuthorizeInput,
  ProviderCallbackInput,
} from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { LoginService } from '#libs/provider';
import { answers } from '../answers.js';
import { ProviderParams } from '../path-params.dto.js';

/** Logins to providers. */
@ApiTags('Provider')
@OpencodeController('provider')
export class ProviderLoginController {
  constructor(private readonly logins: LoginService) {}

  @Get('auth')
  @Operation({ id: 'provider.auth', summary: 'List the ways to log in to providers', answer: answers.loginMethods })
  methods(@CurrentInstance() instance: Instance): Promise<Record<string, ProviderAuthMethod[]>> {
    return this.logins.methods(instance);
  }

  @Post(':providerID/oauth/authorize')
  @Operation({
    id: 'provider.oauth.authorize',
    summary: 'Begin a login',
    answer: answers.login,
    errors: [400, 502],
  })
  authorize(
    @CurrentInstance() instance: Instance,
    @Param() { providerID }: ProviderParams,
    @Body() { method }: ProviderAuthorizeInput,
  ): Promise<ProviderAuthAuthorization | undefined> {
    return this.logins.authorize(instance, providerID, method);
  }

  @Post(':providerID/oauth/callback')
  @Operation({
    id: 'provider.oauth.callback',
    summary: 'Finish a login: wait for its end, or hand over the code',
    answer: answers.yes,
    errors: [400, 409, 502],
  })
  async callback(
    @CurrentInstance() instance: Instance,
    @Param() { providerID }: ProviderParams,
    @Body() { code }: ProviderCallbackInput,
  ): Promise<boolean> {
    await this.logins.callback(instance, providerID, code);
    return true;
  }
}
