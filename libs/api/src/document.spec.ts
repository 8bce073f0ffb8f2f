import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readFileSync } from 'node:fs';
import { createOpenApiDocument } from '#libs/http';
import { createApplication } from './application.fixture.js';

interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  schema: Record<string, unknown>;
}
interface Operation {
  operationId: string;
  deprecated?: boolean;
  parameters?: Parameter[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
}
type Patterns = Record<string, string>;
interface Response {
  content: Record<string, { schema: { anyOf?: unknown[] } }>;
}
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, unknown> } };

/**
 * Where the document says more than the reference, by operation and parameter. The reference takes any text there and
 * answers 500, or 200 with nothing, when it is no id.
 */
const STRICTER: Record<string, Patterns> = {
  'session.revert': { sessionID: '^ses.*' },
  'session.unrevert': { sessionID: '^ses.*' },
  'session.share': { sessionID: '^ses.*' },
  'session.summarize': { sessionID: '^ses.*' },
  'part.update': { sessionID: '^ses.*', messageID: '^msg.*' },
  'part.delete': { sessionID: '^ses.*', messageID: '^msg.*' },
  'session.update': { sessionID: '^ses.*' },
  'session.messages': { sessionID: '^ses.*' },
  'session.message': { sessionID: '^ses.*', messageID: '^msg.*' },
  'session.prompt': { sessionID: '^ses.*' },
  'session.prompt_async': { sessionID: '^ses.*' },
  'permission.reply': { requestID: '^per.*' },
  'question.reply': { requestID: '^que.*' },
  'question.reject': { requestID: '^que.*' },
  'permission.respond': { permissionID: '^per.*' },
};

/**
 * Refusals that the reference answers without documenting them, or answers 500 instead. Its 400 is a failed validation
 * in the document, and on the wire any other error too: here both are documented.
 */
const REFUSALS: Record<string, readonly string[]> = {
  'session.list': ['400'],
  'session.fork': ['400', '404', '409'],
  'session.diff': ['400', '404'],
  'find.text': ['400', '504'],
  'find.files': ['400'],
  'find.symbols': ['400'],
  'file.list': ['400', '403'],
  'file.read': ['400', '403', '413'],
  'pty.update': ['404'],
  'tui.showToast': ['400'],
  'tui.control.response': ['400'],
  'provider.oauth.authorize': ['502'],
  'provider.oauth.callback': ['409', '502'],
  'session.prompt': ['409'],
  'session.prompt_async': ['409'],
  'session.command': ['409'],
  'session.shell': ['409'],
  'session.init': ['409'],
  'session.summarize': ['409'],
  'session.revert': ['409'],
  'session.unrevert': ['409'],
  'part.update': ['409'],
  'part.delete': ['409'],
};

/** Parameters that the reference takes but does not document. */
const UNDOCUMENTED: Record<string, readonly string[]> = { 'pty.connect': ['cursor'] };

const reference = JSON.parse(
  readFileSync(new URL('../../../test/contract/reference-openapi.json', import.meta.url), 'utf8'),
) as Document;

/** By operation id, with the place it is found at. */
const operationsOf = ({ paths }: Document) =>
  new Map(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [operation.operationId, { method, path, operation }]),
    ),
  );

/** What an operation promises; texts for people are left out. */
function promise(found: { method: string; path: string; operation: Operation } | undefined, patterns: Patterns = {}) {
  if (!found) return undefined;
  const { method, path, operation } = found;
  const { deprecated = false, parameters = [], requestBody, responses } = operation;
  return {
    place: `${method} ${path}`,
    deprecated,
    parameters: parameters
      .filter(({ name }) => !UNDOCUMENTED[operation.operationId]?.includes(name))
      .map(({ in: place, name, required = false, schema }) => {
        const { description: _text, ...rest } = schema;
        const pattern = patterns[name];
        return { place, name, required, schema: { ...rest, ...(pattern !== undefined && { pattern }) } };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    requestBody: withoutTexts(requestBody),
    responses: withoutTexts(responses) as Record<string, Response>,
  };
}

const schemaOf = ({ content }: Response) => content['application/json']?.schema;
/** Of what may be answered, what the reference documents. */
const firstOf = (response: Response | undefined) => response && schemaOf(response)?.anyOf?.[0];

function withoutTexts(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutTexts);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(key === 'description' && typeof value === 'string'))
      .map(([key, value]) => [key, withoutTexts(value)]),
  );
}

const theirs = operationsOf(reference);
let app: NestFastifyApplication;
let document: Document;

beforeAll(async () => {
  app = await createApplication('/nowhere');
  document = createOpenApiDocument(app) as unknown as Document;
});
afterAll(() => app.close());

const IDS = [
  ...['global.health', 'global.event', 'global.dispose', 'event.subscribe', 'instance.dispose', 'path.get', 'vcs.get'],
  ...['project.list', 'project.current', 'config.get', 'config.providers', 'provider.list', 'app.agents', 'app.log'],
  ...['session.create', 'session.list', 'session.status', 'session.get', 'session.update', 'session.delete'],
  ...['session.children', 'session.todo', 'session.abort', 'session.messages', 'session.message', 'session.prompt'],
  ...[
    'config.update',
    'global.config.get',
    'global.config.update',
    'app.skills',
    'command.list',
    'session.command',
    'session.shell',
    'session.init',
  ],
  ...['session.prompt_async', 'permission.list', 'permission.reply', 'permission.respond', 'tool.ids', 'tool.list'],
  ...['session.diff', 'session.fork', 'session.revert', 'session.unrevert', 'session.share', 'session.unshare'],
  ...['part.update', 'part.delete', 'session.summarize'],
  ...['project.update', 'worktree.list', 'worktree.create', 'worktree.reset', 'worktree.remove'],
  ...['file.list', 'file.read', 'file.status', 'find.text', 'find.files'],
  ...['auth.set', 'auth.remove', 'provider.auth', 'provider.oauth.authorize', 'provider.oauth.callback'],
  ...['question.list', 'question.reply', 'question.reject'],
  ...['lsp.status', 'formatter.status', 'find.symbols'],
  ...['pty.list', 'pty.create', 'pty.get', 'pty.update', 'pty.remove', 'pty.connect'],
  ...['tui.appendPrompt', 'tui.openHelp', 'tui.openSessions', 'tui.openThemes', 'tui.openModels', 'tui.submitPrompt'],
  ...['tui.clearPrompt', 'tui.executeCommand', 'tui.showToast', 'tui.publish', 'tui.selectSession'],
  ...['tui.control.next', 'tui.control.response'],
  ...['mcp.status', 'mcp.add', 'mcp.connect', 'mcp.disconnect', 'mcp.auth.start', 'mcp.auth.callback'],
  ...['mcp.auth.authenticate', 'mcp.auth.remove', 'experimental.resource.list'],
];

/** Operations that the reference does not have, each with its reason. */
const ADDITIONS: Record<string, string> = {
  'session.permissions':
    'a client that shows a root session answers for the subagents below it without walking the tree',
  'session.questions': 'the same for questions',
  'config.schema': 'editors and scripts check configuration files without the network',
};

describe('the document', () => {
  it('has these operations', () => {
    expect([...operationsOf(document).keys()].sort()).toEqual([...IDS, ...Object.keys(ADDITIONS)].sort());
  });

  it.each(Object.keys(ADDITIONS))('adds what the reference does not have: %s', (id) => {
    expect(theirs.get(id)).toBeUndefined();
  });

  it.each(IDS)('promises what the reference does: %s', (id) => {
    const { responses, ...others } = promise(operationsOf(document).get(id))!;
    const { responses: known, ...expected } = promise(theirs.get(id), STRICTER[id])!;
    expect(others).toEqual(expected);
    const more = REFUSALS[id] ?? [];
    expect(Object.keys(responses).sort()).toEqual([...Object.keys(known), ...more].sort());
    for (const [status, response] of Object.entries(known)) {
      const found = responses[status];
      expect(status === '400' ? firstOf(found) : found).toEqual(status === '400' ? schemaOf(response) : response);
    }
  });

  it('has a component for every reference, and those of the reference only', () => {
    const referred = new Set(
      [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)].map(([, name]) => name),
    );
    const names = Object.keys(document.components.schemas);
    expect([...referred].filter((name) => name !== undefined && !names.includes(name))).toEqual([]);
    expect(names.filter((name) => !(name in reference.components.schemas))).toEqual([]);
  });

  it('describes every operation for people', () => {
    const silent = [...operationsOf(document).values()].filter(({ operation }) => !('summary' in operation));
    expect(silent).toEqual([]);
  });
});
