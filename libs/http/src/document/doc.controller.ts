import { Controller, Get, Headers, Param, Req, Res, StreamableFile, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NotFoundError } from '#libs/contract';
import { AuthenticationGuard } from '../authentication.guard.js';
import { WireErrorFilter } from '../error/wire-error.filter.js';
import { DocumentService } from './document.service.js';
import { EXPLORER_SCRIPT, explorerAsset } from './explorer-assets.js';
import { EXPLORER_POLICY, explorerPage } from './explorer-page.js';
import { prefersHtml } from './media-preference.js';

/** `GET /doc`: the OpenAPI document for programs, a page to explore it for browsers. */
@ApiExcludeController()
@UseGuards(AuthenticationGuard)
@UseFilters(WireErrorFilter)
@Controller('doc')
export class DocController {
  constructor(private readonly documents: DocumentService) {}

  @Get()
  document(
    @Headers('accept') accept: string | undefined,
    @Headers('if-none-match') known: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | undefined {
    reply.header('vary', appended(reply.getHeader('vary'), 'Accept'));
    if (prefersHtml(accept)) {
      reply.header('content-type', 'text/html; charset=utf-8');
      reply.header('content-security-policy', EXPLORER_POLICY);
      reply.header('x-content-type-options', 'nosniff');
      reply.header('cache-control', 'no-cache');
      return explorerPage(pathOf(request.url));
    }
    reply.header('etag', this.documents.tag);
    reply.header('cache-control', 'no-cache');
    if (known === this.documents.tag) {
      reply.status(304);
      return undefined;
    }
    reply.header('content-type', 'application/json');
    return this.documents.text;
  }

  @Get('assets/:name')
  async asset(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    const asset =
      name === 'explorer.js'
        ? { type: 'text/javascript; charset=utf-8', content: Buffer.from(EXPLORER_SCRIPT) }
        : await explorerAsset(name);
    if (!asset) throw new NotFoundError(`No such file: ${name}`);
    reply.header('cache-control', 'public, max-age=86400');
    reply.header('x-content-type-options', 'nosniff');
    return new StreamableFile(asset.content, { type: asset.type });
  }
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

const appended = (header: unknown, value: string): string =>
  typeof header === 'string' && header !== '' ? `${header}, ${value}` : value;
