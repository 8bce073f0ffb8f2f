// Packs a models.dev catalogue (JSON) into the module that the server carries: node scripts/pack-catalogue.mjs <models.json>
// A module and not a data file, because tsc, the test runner and the single executable all carry modules by themselves.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const [source] = process.argv.slice(2);
if (!source) {
  console.error('Usage: node scripts/pack-catalogue.mjs <models.json>');
  process.exit(2);
}
const catalogue = JSON.parse(readFileSync(source, 'utf8'));
const models = Object.values(catalogue).reduce((sum, provider) => sum + Object.keys(provider.models).length, 0);
const text = Buffer.from(JSON.stringify(catalogue));
const packed = brotliCompressSync(text, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  },
});
const target = new URL('../libs/provider/src/catalogue/catalogue-snapshot.ts', import.meta.url);
writeFileSync(
  target,
  `// Made by scripts/pack-catalogue.mjs: ${Object.keys(catalogue).length} providers, ${models} models.
/** The catalogue of models.dev as JSON, compressed with brotli, in base64. */
export const CATALOGUE_SNAPSHOT =
  '${packed.toString('base64')}';
`,
);
console.log(`${Object.keys(catalogue).length} providers, ${models} models, ${packed.length} bytes`);
