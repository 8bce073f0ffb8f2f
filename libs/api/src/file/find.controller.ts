import { Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FindFilesQuery, FindSymbolsQuery, FindTextQuery, type TextMatch, type WorkspaceSymbol } from '#libs/contract';
import { FileSearchService, TextSearchService } from '#libs/file';
import { ClientSignal, CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { CodeQueryService } from '#libs/lsp';
import { answers } from '../answers.js';

/** Searches in the files of an instance. */
@ApiTags('File')
@OpencodeController('find')
export class FindController {
  constructor(
    private readonly texts: TextSearchService,
    private readonly names: FileSearchService,
    private readonly code: CodeQueryService,
  ) {}

  @Get()
  @Operation({
    id: 'find.text',
    summary: 'Search the contents of files',
    answer: answers.textMatches,
    errors: [400, 504],
  })
  text(
    @CurrentInstance() instance: Instance,
    @Query() { pattern }: FindTextQuery,
    @ClientSignal() signal: AbortSignal,
  ): Promise<TextMatch[]> {
    return this.texts.find(instance, pattern, signal);
  }

  @Get('file')
  @Operation({ id: 'find.files', summary: 'Find files and directories by name', answer: answers.paths, errors: [400] })
  files(@CurrentInstance() instance: Instance, @Query() query: FindFilesQuery): Promise<string[]> {
    return this.names.find(instance, query);
  }

  @Get('symbol')
  @Operation({
    id: 'find.symbols',
    summary: 'Search the symbols of the project',
    answer: answers.symbols,
    errors: [400],
  })
  symbols(
    @CurrentInstance() instance: Instance,
    @Query() { query }: FindSymbolsQuery,
    @ClientSignal() signal: AbortSignal,
  ): Promise<WorkspaceSymbol[]> {
    return this.code.findSymbols(instance, query, signal);
  }
}
