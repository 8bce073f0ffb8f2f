import { Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NotFoundError } from '#libs/contract';
import { OpencodeController } from '#libs/http';
import { pageFile } from './page-file.js';

/** Everything from this server, or with what it sends; nothing inline, in nobody's frame. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page at `/`, and its files. */
@ApiExcludeController()
@OpencodeController('', { instance: false })
export class PageController {
  @Get()
  page(@Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    return send('index.html', reply);
  }

  @Get('web/:name')
  file(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    return send(name, reply);
  }
}

async function send(name: string, reply: FastifyReply): Promise<StreamableFile> {
  const file = await pageFile(name);
  if (!file) throw new NotFoundError(`No such file: ${name}`);
  reply.header('content-security-policy', POLICY);
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'no-referrer');
  // a newer server has a newer page
  reply.header('cache-control', 'no-cache');
  return new StreamableFile(file.content, { type: file.type });
}
