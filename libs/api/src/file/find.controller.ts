import { Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FindFilesQuery, FindTextQuery, type TextMatch } from '#libs/contract';
import { FileSearchService, TextSearchService } from '#libs/file';
import { ClientSignal, CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { answers } from '../answers.js';

/** Searches in the files of an instance. */
@ApiTags('File')
@OpencodeController('find')
export class FindController {
  constructor(
    private readonly texts: TextSearchService,
    private readonly names: FileSearchService,
  ) {}

  @Get()
  @Operation({ id: 'find.text', summary: 'Search the contents of files', answer: answers.textMatches })
  text(
    @CurrentInstance() instance: Instance,
    @Query() { pattern }: FindTextQuery,
    @ClientSignal() signal: AbortSignal,
  ): Promise<TextMatch[]> {
    return this.texts.find(instance, pattern, signal);
  }

  @Get('file')
  @Operation({ id: 'find.files', summary: 'Find files and directories by name', answer: answers.paths })
  files(@CurrentInstance() instance: Instance, @Query() query: FindFilesQuery): Promise<string[]> {
    return this.names.find(instance, query);
  }
}
