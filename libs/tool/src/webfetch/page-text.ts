import { setImmediate as breathe } from 'node:timers/promises';
import { htmlBlocks } from './html-blocks.js';

/** What `text` leaves out. */
const UNSEEN = new Set(['script', 'style', 'noscript', 'iframe', 'object', 'embed']);
/** Characters of HTML that are converted in one go. */
const PORTION = 32 * 1024;
/** A single block larger than this, such as a list of thousands of entries, is given as text: it would take seconds. */
const MAX_BLOCK = 128 * 1024;

/** The texts of an HTML page, one after the other. */
export async function pageText(html: string): Promise<string> {
  const { Parser } = await import('htmlparser2');
  let text = '';
  let unseen = 0;
  const parser = new Parser({
    onopentag: (name) => void (unseen += UNSEEN.has(name) ? 1 : 0),
    onclosetag: (name) => void (unseen -= UNSEEN.has(name) ? 1 : 0),
    ontext: (piece) => void (text += unseen > 0 ? '' : piece),
  });
  parser.write(html);
  parser.end();
  return text.trim();
}

/** An HTML page as Markdown. Others get their turn while a large one is converted. */
export async function pageMarkdown(html: string): Promise<string> {
  const { default: Turndown } = await import('turndown');
  const converter = new Turndown({
    headingStyle: 'atx',
    hr: '---',
    bulletListMarker: '-',
    codeBlockStyle: 'fenced',
    emDelimiter: '*',
  });
  const pieces: string[] = [];
  for (const portion of portions(await htmlBlocks(html))) {
    pieces.push(portion.length > MAX_BLOCK ? await pageText(portion) : converter.turndown(portion));
    await breathe();
  }
  return pieces.filter((piece) => piece !== '').join('\n\n');
}

/** Blocks put together until they are worth a conversion. */
function* portions(blocks: readonly string[]): Generator<string> {
  let portion = '';
  for (const block of blocks) {
    if (portion !== '' && portion.length + block.length > PORTION) {
      yield portion;
      portion = '';
    }
    // a frame of its own keeps a text apart from its neighbours
    portion += `<div>${block}</div>`;
  }
  if (portion !== '') yield portion;
}
