import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, Scratch } from './scratch.js';

const EXAMPLES = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const version = (name: string) => ({ [name]: devDependencies[name]! });

describe('the packed package', () => {
  let scratch: Scratch;
  beforeAll(async () => {
    scratch = await Scratch.create({
      ...version('@nestjs/platform-express'),
      ...version('typescript'),
      ...version('@types/node'),
    });
  });
  afterAll(() => scratch[Symbol.asyncDispose]());

  it('holds what is needed and nothing else', () => {
    const { files } = scratch;
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']));
    expect(files).toEqual(expect.arrayContaining(['dist/bin/opencode.js', 'dist/src/index.js', 'dist/src/index.d.ts']));
    expect(files.filter((path) => !/^dist\/(bin|src|libs)\//.test(path)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(files.filter((path) => /\.(spec|fixture)\.|\.tsbuildinfo$|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  it.each(['nodenext', 'bundler'])('has types for programs with module resolution %s', async (resolution) => {
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext';
    const options = { module, moduleResolution: resolution, target: 'es2024', lib: ['es2024'], types: ['node'] };
    await scratch.write(
      `tsconfig.${resolution}.json`,
      JSON.stringify({
        compilerOptions: { ...options, strict: true, noEmit: true, experimentalDecorators: true, skipLibCheck: true },
        files: ['consumer.ts'],
      }),
    );
    await scratch.write(
      'consumer.ts',
      `import { OpencodeModule, type Session, SessionService, type PublishedEvent } from 'opencode-nest';
import { TestServer } from 'opencode-nest/testing';

export const module = OpencodeModule.forRoot({ storage: 'memory' });
export async function title(sessions: SessionService, id: string): Promise<string> {
  const session: Session = await sessions.get(id);
  return session.title;
}
export const idle = ({ properties }: PublishedEvent<'session.idle'>): string => properties.sessionID;
export const start: typeof TestServer.start = (options) => TestServer.start(options);
// what does not exist must not pass as any
// @ts-expect-error
OpencodeModule.forRoot({ storage: 5 });
// @ts-expect-error
import 'opencode-nest/dist/src/index.js';
import { Missing } from 'opencode-nest';
`.replace("import { Missing } from 'opencode-nest';\n", ''),
    );
    await run(scratch.bin('tsc'), ['-p', `tsconfig.${resolution}.json`], scratch.folder);
  });

  it('opens nothing but its entries', async () => {
    const inner = `import('opencode-nest/dist/src/server.js').then(() => 1, (error) => console.log(error.code))`;
    const { stdout } = await run(process.execPath, ['-e', inner], scratch.folder);
    expect(stdout.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('brings the command', async () => {
    const { stdout } = await run(scratch.bin('opencode'), ['--version'], scratch.folder, commandEnvironment(scratch));
    expect(stdout).toBe('1.2.6\n');
    const answer = await run(
      scratch.bin('opencode'),
      ['run', 'read package.json'],
      scratch.folder,
      commandEnvironment(scratch),
    );
    expect(answer.stdout).toContain('opencode-nest');
  });

  describe('runs the example', () => {
    it.each(EXAMPLES)('%s', async (name) => {
      const folder = await scratch.copy(`examples/${name}`);
      await run('npm', ['run', '-s', 'check'], folder, {
        ...process.env,
        PATH: `${scratch.path('node_modules/.bin')}:${nodeFolder()}:${process.env['PATH']}`,
      });
    });
  });
});

/** The Node that runs the tests, first on the path: the one of the machine may be too old. */
const nodeFolder = () => join(process.execPath, '..');

function commandEnvironment(scratch: Scratch): NodeJS.ProcessEnv {
  return { HOME: scratch.folder, PATH: `${nodeFolder()}:${process.env['PATH']}` };
}
