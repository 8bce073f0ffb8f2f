/** What is never part of the text. */
const LEFT_OUT = new Set(['script', 'style', 'meta', 'link', 'template']);
/** Blocks with a form of their own in Markdown, and what stands inside a line. Everything else only parts blocks. */
const KEPT = new Set(
  (
    'p h1 h2 h3 h4 h5 h6 blockquote ul ol li pre hr br ' +
    'a b strong i em code img del s strike ins sub sup kbd samp var tt u mark q cite abbr small label'
  ).split(' '),
);
const INLINE_WRAPPERS = new Set(['span', 'font', 'time', 'button', 'wbr', 'bdi', 'bdo', 'data', 'dfn', 'big', 'nobr']);
const VOID = new Set(['hr', 'br', 'img']);
/** Attributes that Markdown has a place for; `class` names the language of code. */
const ATTRIBUTES = ['href', 'src', 'alt', 'title', 'class', 'start'];
/** Tags inside tags; what is deeper stays as text. */
const MAX_DEPTH = 60;

/**
 * The body of a page as small pieces of plain, well-formed HTML, one for each block. What only arranges a page is gone,
 * so that a page of any size and depth can be converted piece by piece.
 */
export async function htmlBlocks(html: string): Promise<string[]> {
  const { Parser } = await import('htmlparser2');
  const collector = new BlockCollector();
  const parser = new Parser(collector, { decodeEntities: true });
  parser.write(html);
  parser.end();
  return collector.blocks;
}

class BlockCollector {
  readonly blocks: string[] = [];
  private piece = '';
  /** Tags that are open; an empty name for those that are not in the piece. */
  private readonly open: string[] = [];
  private kept = 0;
  private hidden = 0;

  onopentag(name: string, attributes: Record<string, string>): void {
    if (LEFT_OUT.has(name)) this.hidden++;
    if (this.hidden > 0) return;
    // within a list or a quotation the arrangement matters
    const keeps = KEPT.has(name) || (this.kept > 0 && !INLINE_WRAPPERS.has(name));
    if (!keeps || this.kept >= MAX_DEPTH) {
      if (this.kept === 0 && !INLINE_WRAPPERS.has(name)) this.part();
      this.open.push('');
      return;
    }
    this.open.push(name);
    if (!VOID.has(name)) this.kept++;
    this.piece += `<${name}${attributesOf(attributes)}>`;
  }

  onclosetag(name: string): void {
    if (LEFT_OUT.has(name)) {
      this.hidden = Math.max(0, this.hidden - 1);
      return;
    }
    if (this.hidden > 0) return;
    const opened = this.open.pop();
    if (opened && !VOID.has(opened)) {
      this.piece += `</${opened}>`;
      this.kept--;
    }
    if (this.kept === 0 && !INLINE_WRAPPERS.has(name) && isBlock(name)) this.part();
  }

  ontext(text: string): void {
    if (this.hidden === 0) this.piece += escaped(text);
  }

  onend(): void {
    this.part();
  }

  private part(): void {
    if (this.piece.trim() !== '') this.blocks.push(this.piece);
    this.piece = '';
  }
}

/** Whether what follows a tag begins anew. */
const isBlock = (name: string) => !KEPT.has(name) || /^(?:p|h\d|blockquote|ul|ol|li|pre|hr)$/.test(name);

function attributesOf(attributes: Record<string, string>): string {
  return ATTRIBUTES.map((name) => {
    const value = attributes[name];
    return value === undefined ? '' : ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`;
  }).join('');
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
