import type { ServerRequest } from './server-definition.js';

const CHECKS = ['syntacticDiagnosticsSync', 'semanticDiagnosticsSync'];

/** Whether the TypeScript compiler finds no error in a file as it is open now. */
export async function typescriptIsClean(request: ServerRequest, path: string): Promise<boolean> {
  for (const check of CHECKS) {
    const answer = (await request('workspace/executeCommand', {
      command: 'typescript.tsserverRequest',
      arguments: [check, { file: path }],
    })) as { body?: unknown } | null;
    if (!Array.isArray(answer?.body) || answer.body.length > 0) return false;
  }
  return true;
}
