import type { Command } from './command.js';
import { printJson } from './print.js';
import { DIRECTORY_OPTIONS, withLocalServer } from './server/with-server.js';

interface Document {
  info: object;
  paths: Record<string, Record<string, { operationId: string }>>;
}

/** The OpenAPI document, with a line of code for each operation. */
export const generate: Command = {
  name: 'generate',
  summary: 'Print the OpenAPI document of the HTTP API',
  options: DIRECTORY_OPTIONS,

  async run(args) {
    const document = await withLocalServer(args, ({ client }) => client.get<Document>('/doc'));
    for (const operations of Object.values(document.paths))
      for (const operation of Object.values(operations)) {
        const call = `await client.${operation.operationId}({\n  ...\n})`;
        const source = `import { createOpencodeClient } from "@opencode-ai/sdk"\n\nconst client = createOpencodeClient()\n${call}`;
        Object.assign(operation, { 'x-codeSamples': [{ lang: 'js', source }] });
      }
    printJson({ ...document, info: { ...document.info, version: '1.0.0' } });
    return 0;
  },
};
