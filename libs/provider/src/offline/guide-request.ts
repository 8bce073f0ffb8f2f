/** What the guide understood of a message. */
export type GuideRequest =
  | { kind: 'help' }
  | { kind: 'list'; directory?: string; pattern?: string }
  | { kind: 'read'; file: string }
  | { kind: 'search'; text: string; directory?: string }
  | { kind: 'run'; command: string }
  | { kind: 'write'; file: string; content: string }
  | { kind: 'unknown' };

type Rule = (text: string) => GuideRequest | undefined;

/** A word, or anything between quotes or backticks. */
const NAME = String.raw`("[^"]+"|'[^']+'|${'`'}[^${'`'}]+${'`'}|[^\s"'${'`'}]\S*)`;
const PLACE = String.raw`(?:the\s+|this\s+)?(?:directory\s+|folder\s+|file\s+)?${NAME}(?:\s+(?:directory|folder))?`;
const PLEASE = /^(?:please|now|then|could you|can you|would you|will you)\b[\s,]*/i;

const rule =
  (pattern: string, make: (groups: string[]) => GuideRequest | undefined): Rule =>
  (text) => {
    const found = new RegExp(`^${pattern}$`, 'is').exec(text);
    return found ? make(found.slice(1).map((group) => group ?? '')) : undefined;
  };

const RULES: readonly Rule[] = [
  rule(String.raw`(?:hi|hello|hey|help|what can you do|who are you|what are you)\b.{0,40}`, () => ({ kind: 'help' })),
  rule(String.raw`\$\s+(.+)`, ([command = '']) => ({ kind: 'run', command: unquote(command) })),
  rule(String.raw`(?:run|execute)\s+(?:the\s+)?(?:(?:shell\s+)?command\s+)?(.+)`, ([command = '']) => run(command)),
  rule(
    String.raw`(?:write|create|make|save)\s+(?:a\s+|the\s+)?(?:new\s+)?(?:file\s+)?(?:called\s+|named\s+)?${NAME}\s*(?::|\s(?:with|containing|that says|saying)\b)\s*(?:the\s+)?(?:content|contents|text)?:?\s*(.+)`,
    ([file = '', content = '']) => write(file, content),
  ),
  rule(
    String.raw`(?:write|save|put)\s+(.+?)\s+(?:to|into|in)\s+(?:a\s+|the\s+)?(?:new\s+)?(?:file\s+)?(?:called\s+|named\s+)?${NAME}`,
    ([content = '', file = '']) => write(file, content),
  ),
  rule(
    String.raw`(?:list|show|find)\s+(?:me\s+)?(?:all\s+)?(?:the\s+)?files?\s+(?:named|called|matching|like)\s+${NAME}`,
    ([pattern = '']) => ({ kind: 'list', pattern: unquote(pattern) }),
  ),
  rule(
    String.raw`(?:list|show|what are|which are|display)\s+(?:me\s+)?(?:all\s+)?(?:the\s+|my\s+)?(?:files|directory|folder|project files)(?:\s+(?:there\s+)?(?:are\s+)?(?:in|of|under|inside|below)\s+${PLACE})?(?:\s+(?:are\s+)?(?:here|there))?`,
    ([directory = '']) => list(directory),
  ),
  rule(String.raw`what files are (?:in\s+${PLACE}|here|there)`, ([directory = '']) => list(directory)),
  rule(String.raw`(?:ls|dir|list)(?:\s+(?:in\s+)?${NAME})?`, ([directory = '']) => list(directory)),
  rule(
    String.raw`(?:search|grep|look|find)\s+(?:for\s+)?(?:the\s+)?(?:text\s+|word\s+|string\s+)?${NAME}\s+in\s+${PLACE}`,
    ([text = '', directory = '']) => search(text, directory),
  ),
  rule(
    String.raw`(?:search|grep|look|find)\s+(?:for\s+)?(?:the\s+)?(?:text\s+|word\s+|string\s+)?(.+)`,
    ([text = '']) => search(text),
  ),
  rule(
    String.raw`(?:read|show|open|cat|print|display)\s+(?:me\s+)?(?:the\s+)?(?:contents?\s+of\s+)?(?:the\s+)?(?:file\s+)?${NAME}(?:\s+file)?`,
    ([file = '']) => ({ kind: 'read', file: unquote(file) }),
  ),
  rule(String.raw`what(?:'s| is)\s+in\s+(?:the\s+)?(?:file\s+)?${NAME}`, ([file = '']) => ({
    kind: 'read',
    file: unquote(file),
  })),
];

/** Understands a few fixed phrases; everything else is `unknown`. */
export function readRequest(message: string): GuideRequest {
  // command lines hand a prompt over in quotes
  const text = (unwrap(message.trim()) ?? message).trim().replace(PLEASE, '').replace(PLEASE, '').trim();
  if (text === '') return { kind: 'help' };
  for (const candidate of [text, text.replace(/[\s.?!]+$/, '')]) {
    for (const match of RULES) {
      const request = match(candidate);
      // "read this file?" must not look for a file that is called "file?"
      if (request && !(candidate === text && endsInPunctuation(request))) return request;
    }
  }
  return { kind: 'unknown' };
}

function endsInPunctuation(request: GuideRequest): boolean {
  const last = request.kind === 'read' ? request.file : request.kind === 'list' ? request.directory : undefined;
  return last !== undefined && /[.?!,;]$/.test(last) && !/^\.{1,2}$/.test(last);
}

function list(directory: string): GuideRequest {
  const name = unquote(directory);
  if (/^(here|there|it|this|this directory|this folder|this project|project)?$/i.test(name)) return { kind: 'list' };
  if (/[*?{]/.test(name)) return { kind: 'list', pattern: name };
  return { kind: 'list', directory: name };
}

function search(text: string, directory = ''): GuideRequest {
  const pattern = unquote(text);
  if (directory === '' && /^\*\.\w+$/.test(pattern)) return { kind: 'list', pattern };
  const place = unquote(directory);
  const everywhere = /^(here|it|this|project|files|all|everything|code|)$/i.test(place);
  return everywhere ? { kind: 'search', text: pattern } : { kind: 'search', text: pattern, directory: place };
}

function run(command: string): GuideRequest {
  return { kind: 'run', command: unquote(command) };
}

function write(file: string, content: string): GuideRequest {
  const body = unquote(content);
  return { kind: 'write', file: unquote(file), content: body.endsWith('\n') ? body : `${body}\n` };
}

/** The inside of a code fence, of backticks or of quotes; else the text itself. */
function unquote(text: string): string {
  const trimmed = text.trim();
  const fence = /^```[^\n]*\n([\s\S]*?)\n?```\s*$/.exec(trimmed);
  if (fence) return fence[1] ?? '';
  const quoted = /^(["'`])([\s\S]+)\1[.!]?$/.exec(trimmed);
  return quoted ? (quoted[2] ?? '') : trimmed;
}

/** What stands inside quotes that enclose the whole text, with the escapes of a command line undone. */
export function unwrap(text: string): string | undefined {
  const found = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  return found?.[1]?.replace(/\\(["\\])/g, '$1');
}
