import { readPackageFile } from '#libs/extension';

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

/** One file of Swagger UI, or undefined when it is none of those the page needs. */
export async function explorerAsset(name: string): Promise<{ type: string; content: Uint8Array } | undefined> {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  return type === undefined ? undefined : { type, content: await readPackageFile(`swagger-ui-dist/${name}`) };
}
