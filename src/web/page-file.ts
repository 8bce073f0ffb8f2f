import { readOwnFile } from '#libs/extension';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;
const NAME = /^[a-z]+(-[a-z]+)*\.(html|css|js|svg)$/;

export interface PageFile {
  type: string;
  content: Uint8Array;
}

/** A file of the page; undefined when there is none of that name. */
export async function pageFile(name: string): Promise<PageFile | undefined> {
  const extension = NAME.exec(name)?.[2] as keyof typeof TYPES | undefined;
  if (extension === undefined) return undefined;
  const content = await readOwnFile(`page/${name}`, import.meta.url).catch(() => undefined);
  return content && { type: TYPES[extension], content };
}
