import { Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FindTextQuery, type TextMatch } from '#libs/contract';
import { TextSearchService } from '#libs/file';
import { ClientSignal, CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { answers } from '../answers.js';

/** Searches in the files of an instance. */
@ApiTags('File')
@OpencodeController('find')
export class FindController {
  constructor(private readonly texts: TextSearchService) {}

  @Get()
  @Operation({ id: 'find.text', summary: 'Search the contents of files', answer: answers.textMatches })
  text(
    @CurrentInstance() instance: Instance,
    @Query() { pattern }: FindTextQuery,
    @ClientSignal() signal: AbortSignal,
  ): Promise<TextMatch[]> {
    return this.texts.find(instance, pattern, signal);
  }
}
