import { Body, Delete, Param, Put } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { AuthUnion, BadRequestError, documentSchema, type Issue, validateItem } from '#libs/contract';
import { CredentialStore } from '#libs/extension';
import { OpencodeController, Operation } from '#libs/http';
import { answers } from '../answers.js';
import { ProviderParams } from '../path-params.dto.js';

/** Stored keys and logins. They can be written and removed, never read. */
@ApiTags('Auth')
@OpencodeController('auth', { instance: false })
export class AuthController {
  constructor(private readonly credentials: CredentialStore) {}

  @Put(':providerID')
  @ApiBody({ required: false, schema: documentSchema(AuthUnion) })
  @Operation({ id: 'auth.set', summary: 'Store the key or login of a provider', answer: answers.yes, errors: [400] })
  async set(@Param() { providerID }: ProviderParams, @Body() body: unknown): Promise<boolean> {
    const { value, issues } = validateItem(AuthUnion, body);
    // the body is not repeated: it may hold a key
    if (issues) throw new BadRequestError(null, issues);
    if (value.type === 'wellknown' && !isAddress(providerID)) throw new BadRequestError(null, [NO_ADDRESS]);
    await this.credentials.set(providerID, value);
    return true;
  }

  @Delete(':providerID')
  @Operation({
    id: 'auth.remove',
    summary: 'Forget the key or login of a provider',
    answer: answers.yes,
    errors: [400],
  })
  async remove(@Param() { providerID }: ProviderParams): Promise<boolean> {
    await this.credentials.remove(providerID);
    return true;
  }
}

/** A server that cannot be asked would keep every project from being opened. */
const NO_ADDRESS: Issue = {
  code: 'custom',
  path: ['providerID'],
  message: 'A login of type "wellknown" is stored under the address of its server, such as https://example.com',
};

function isAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}
