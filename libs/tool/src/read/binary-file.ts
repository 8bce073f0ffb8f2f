import { extname } from 'node:path';

/** Bytes looked at to tell text from anything else. */
export const SAMPLE_SIZE = 4096;
const MAX_ODD_SHARE = 0.3;

const BINARY = new Set(
  'zip tar gz exe dll so class jar war 7z doc docx xls xlsx ppt pptx odt ods odp bin dat obj o a lib wasm pyc pyo'
    .split(' ')
    .map((extension) => `.${extension}`),
);

/** Whether a file is no text: by its name, or by its first bytes. */
export function isBinary(path: string, sample: Uint8Array): boolean {
  if (BINARY.has(extname(path).toLowerCase())) return true;
  if (sample.length === 0) return false;
  if (sample.includes(0)) return true;
  const odd = sample.reduce((count, byte) => count + (byte < 9 || (byte > 13 && byte < 32) ? 1 : 0), 0);
  return odd / sample.length > MAX_ODD_SHARE;
}

const MEDIA: Readonly<Record<string, string>> = {
  '.apng': 'image/apng',
  '.avif': 'image/avif',
  '.bmp': 'image/bmp',
  '.gif': 'image/gif',
  '.heic': 'image/heic',
  '.heif': 'image/heif',
  '.ico': 'image/vnd.microsoft.icon',
  '.jfif': 'image/jpeg',
  '.jpe': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.jxl': 'image/jxl',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.webp': 'image/webp',
};

/** MIME type of a file that models look at instead of reading: images and PDF, by extension. SVG is text. */
export function mediaType(path: string): string | undefined {
  return MEDIA[extname(path).toLowerCase()];
}
