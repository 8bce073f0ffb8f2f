import { basename } from 'node:path/posix';
import { readSources, type Source } from './sources.js';

const MAX_LINES = 450;
/** What a file is, said by its name; a pure helper says nothing. */
const ROLES = new Set(
  `module controller service runner store stores registry port adapter dto event error decorator guard pipe filter interceptor
   tool provider options writer builder composer spec e2e-spec package-spec fixture`.split(/\s+/),
);
const VAGUE = /(^|[-.])(utils?|common|helpers?|manager|misc|shared)([-.]|$)|(^|[-.])base$/;

const FORBIDDEN: readonly { what: string; pattern: RegExp; where?: RegExp }[] = [
  { what: 'forwardRef', pattern: /\bforwardRef\b/ },
  { what: 'export *', pattern: /\bexport\s+\*/ },
  { what: 'export default', pattern: /\bexport\s+default\b/ },
  { what: 'a request-scoped provider', pattern: /\bScope\s*\.\s*(REQUEST|TRANSIENT)\b/ },
  { what: 'a global guard, pipe, filter or interceptor', pattern: /\bAPP_(GUARD|PIPE|FILTER|INTERCEPTOR)\b/ },
  { what: 'a global module', pattern: /@Global\(\)/ },
  { what: 'AsyncLocalStorage', pattern: /\bAsyncLocalStorage\b/ },
  {
    what: 'process',
    pattern: /(?<![.\w#])process\s*[.[?]/,
    where: /^libs\/(?!extension\/src\/(process|environment)\/)/,
  },
  {
    what: 'an environment variable',
    pattern: /(?<![.\w])process\s*\.\s*env\b/,
    where: /^(libs\/|src\/(?!cli\/|testing\/|main\.ts))/,
  },
  {
    what: 'the end of the process',
    pattern: /(?<![.\w])process\s*\.\s*exit\b/,
    where: /^(libs\/|src\/(?!cli\/|testing\/|main\.ts))/,
  },
  {
    what: 'the working directory',
    pattern: /(?<![.\w])process\s*\.\s*cwd\b/,
    where: /^(libs\/|src\/(?!cli\/|testing\/|main\.ts))/,
  },
];

/** What is wrong with one file. */
function judge({ path, text, code }: Source): string[] {
  const found: string[] = [];
  const lines = text.split('\n').length;
  if (lines > MAX_LINES) found.push(`${path} has ${lines} lines`);

  const name = basename(path, '.ts');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(name)) found.push(`${path} is not kebab-case`);
  const role = name.split('.').slice(1).at(-1);
  if (role !== undefined && !ROLES.has(role)) found.push(`${path} has the unknown role ${role}`);
  if (VAGUE.test(name)) found.push(`${path} has a name that says nothing`);

  // what only tests load may look at the process it runs in
  if (!/[.-](spec|fixture)\.ts$/.test(path))
    for (const { what, pattern, where } of FORBIDDEN)
      if ((where?.test(path) ?? true) && pattern.test(code)) found.push(`${path} uses ${what}`);
  const written = text.split('\n');
  code.split('\n').forEach((line, index) => {
    if (/(:|\bas|[<|,])\s*any\b(?!\s*[(:])/.test(line) && !written[index - 1]?.includes('eslint-disable-next-line'))
      found.push(`${path} uses any in line ${index + 1}`);
  });
  if (/@ts-(ignore|nocheck)/.test(text)) found.push(`${path} silences the compiler`);
  if (/eslint-disable(?!-next-line [@\w/-]+ -- \w)/.test(text))
    found.push(`${path} switches a lint rule off: one rule, one line, and the reason after --`);
  return found;
}

describe('sources', () => {
  it('keep the house rules', () => {
    const own = /^test\/architecture\//;
    expect(
      readSources('libs', 'src', 'test')
        .filter(({ path }) => !own.test(path))
        .flatMap(judge),
    ).toEqual([]);
  });

  it.each([
    ['libs/a/src/a.ts', '\n'.repeat(MAX_LINES)],
    ['libs/a/src/a.helper.ts', ''],
    ['libs/a/src/path-utils.ts', ''],
    ['libs/a/src/aB.ts', ''],
    ['libs/a/src/a.ts', 'Inject(forwardRef(() => A))'],
    ['libs/a/src/index.ts', 'export * from "./a.js"'],
    ['libs/a/src/a.ts', '@Injectable({ scope: Scope.REQUEST })'],
    ['libs/a/src/a.ts', 'const a: any = 1'],
    ['libs/a/src/a.ts', 'const a = process.platform'],
    ['src/server.ts', 'const a = process.env.HOME'],
    ['libs/a/src/a.ts', '/* eslint-disable */'],
  ])('catch a broken rule in %s: %s', (path, text) => {
    expect(judge({ path, text, code: text }).length).toBeGreaterThan(0);
  });

  it.each([
    ['libs/a/src/a.service.ts', 'signal.process.env; this.process(1)'],
    ['src/cli/serve.ts', 'run(process.env)'],
    ['libs/a/src/a.spec.ts', 'process.execPath'],
  ])('are content with %s: %s', (path, text) => {
    expect(judge({ path, text, code: text })).toEqual([]);
  });
});
