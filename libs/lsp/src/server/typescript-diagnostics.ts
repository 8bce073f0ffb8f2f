import { pathToFileURL } from 'node:url';
import type { Position, Range } from '#libs/contract';
import type { Diagnostic } from '../client/diagnostic.js';
import type { ServerRequest } from './server-definition.js';

const CHECKS = ['syntacticDiagnosticsSync', 'semanticDiagnosticsSync', 'suggestionDiagnosticsSync'];
const SEVERITIES: Readonly<Record<string, number>> = { error: 1, warning: 2, message: 3, suggestion: 4 };

/** A place as the compiler counts: from 1. */
interface Location {
  line: number;
  offset: number;
}

interface Span {
  start: Location;
  end: Location;
}

interface CompilerDiagnostic extends Span {
  text: string;
  category: string;
  code?: number;
  source?: string;
  relatedInformation?: { message: string; span?: Span & { file: string } }[];
}

/** What the TypeScript compiler thinks of a file as it is open now: all of it at once, as the server would publish it. */
export async function typescriptDiagnostics(request: ServerRequest, path: string): Promise<Diagnostic[]> {
  const answers = CHECKS.map((check) =>
    request('workspace/executeCommand', {
      command: 'typescript.tsserverRequest',
      arguments: [check, { file: path }],
    }),
  );
  return (await Promise.all(answers)).flatMap((answer) => {
    const { body } = (answer ?? {}) as { body?: CompilerDiagnostic[] };
    if (!Array.isArray(body)) throw new Error('the compiler does not know the file');
    return body.map(diagnosticOf);
  });
}

function diagnosticOf({ text, category, code, source, relatedInformation, ...span }: CompilerDiagnostic): Diagnostic {
  const related = relatedInformation?.flatMap(({ message, span }) =>
    span ? [{ location: { uri: pathToFileURL(span.file).href, range: rangeOf(span) }, message }] : [],
  );
  return {
    range: rangeOf(span),
    message: text,
    severity: SEVERITIES[category] ?? 1,
    ...(code !== undefined && { code }),
    source: source ?? 'typescript',
    ...(related && { relatedInformation: related }),
  };
}

const rangeOf = ({ start, end }: Span): Range => ({ start: positionOf(start), end: positionOf(end) });

const positionOf = ({ line, offset }: Location): Position => ({ line: line - 1, character: offset - 1 });
