import { createReadStream, existsSync, type ReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The files of Swagger UI that the page loads, and nothing else of the package. */
const TYPES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Starts Swagger UI; a file, because the page allows no inline script. */
export const EXPLORER_SCRIPT = `'use strict';
window.addEventListener('load', () => {
  window.ui = SwaggerUIBundle({
    url: location.pathname,
    dom_id: '#explorer',
    deepLinking: true,
    validatorUrl: null,
    docExpansion: 'none',
    tryItOutEnabled: true,
  });
});
`;

let folder: string | null | undefined;

/** Where Swagger UI lies; nowhere in a single-file executable. */
function assetFolder(): string | null {
  if (folder !== undefined) return folder;
  try {
    const locate = createRequire(import.meta.url)('swagger-ui-dist/absolute-path.js') as () => string;
    const found = locate();
    folder = Object.keys(TYPES).every((name) => existsSync(join(found, name))) ? found : null;
  } catch {
    folder = null;
  }
  return folder;
}

export const hasExplorer = (): boolean => assetFolder() !== null;

/** One file of Swagger UI, or undefined when it is none of those the page needs. */
export function explorerAsset(name: string): { type: string; stream: ReadStream } | undefined {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  const found = assetFolder();
  return type && found ? { type, stream: createReadStream(join(found, name)) } : undefined;
}
