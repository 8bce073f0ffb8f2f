export type { Diagnostic, DiagnosticMap } from './client/diagnostic.js';
export { FormatterService, type FormatterFailure } from './formatter/formatter.service.js';
export { LspModule } from './lsp.module.js';
export { LspService } from './lsp.service.js';
export { CODE_QUERIES, CodeQueryService, type CodePlace, type CodeQuery } from './query/code-query.service.js';
export { DiagnosticReport } from './report/diagnostic-report.js';
