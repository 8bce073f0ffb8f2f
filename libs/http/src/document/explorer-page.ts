import type { OpenAPIObject } from '@nestjs/swagger';

/** Everything from this server, no inline script; Swagger UI sets styles inline. */
export const EXPLORER_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = (head: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>opencode API</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;

/** The explorer; its files lie below the path of the page itself. */
export const explorerPage = (path: string): string => {
  const assets = escape(`${path.replace(/\/+$/, '')}/assets`);
  return page(
    `<link rel="icon" type="image/png" href="${assets}/favicon-32x32.png">
<link rel="stylesheet" href="${assets}/swagger-ui.css">`,
    `<div id="explorer"></div>
<script src="${assets}/swagger-ui-bundle.js"></script>
<script src="${assets}/explorer.js"></script>`,
  );
};

/** A plain list, where the files of the explorer were not shipped. */
export function listPage(document: OpenAPIObject): string {
  const rows = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, { operationId?: string; summary?: string }>).map(
      ([method, { operationId = '', summary = '' }]) =>
        `<tr><td>${escape(method.toUpperCase())}</td><td><code>${escape(path)}</code></td>` +
        `<td>${escape(operationId)}</td><td>${escape(summary)}</td></tr>`,
    ),
  );
  return page(
    '',
    `<h1>opencode API</h1>
<p>Ask for this address with <code>Accept: application/json</code> to get the OpenAPI document.</p>
<table>
<tr><th>Method</th><th>Path</th><th>Operation</th><th></th></tr>
${rows.join('\n')}
</table>`,
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
