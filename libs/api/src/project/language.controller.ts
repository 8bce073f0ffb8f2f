import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FormatterStatus, LSPStatus } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { FormatterService, LspService } from '#libs/lsp';
import { answers } from '../answers.js';

/** Language servers and formatters of an instance. */
@ApiTags('Language')
@OpencodeController()
export class LanguageController {
  constructor(
    private readonly languages: LspService,
    private readonly formatters: FormatterService,
  ) {}

  @Get('lsp')
  @Operation({ id: 'lsp.status', summary: 'List the language servers that were started', answer: answers.lsp })
  servers(@CurrentInstance() instance: Instance): Promise<LSPStatus[]> {
    return this.languages.status(instance);
  }

  @Get('formatter')
  @Operation({ id: 'formatter.status', summary: 'List the formatters', answer: answers.formatters })
  list(@CurrentInstance() instance: Instance): Promise<FormatterStatus[]> {
    return this.formatters.list(instance);
  }
}
