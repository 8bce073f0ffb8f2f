import assert from 'node:assert/strict';
import type { Project } from '#libs/contract';
import { Instance } from '#libs/instance';
import { AgentTool } from '../tool/agent-tool.decorator.js';
import type { AgentToolHandler, ToolContext, ToolPermission, ToolResult } from '../tool/agent-tool.js';
import { type SourcedTool, TOOL_SOURCE_SPECIFICATION, type ToolSourceHandler } from '../tool/tool-source.js';
import { toolOfHandler } from '../tool/tool-of-handler.js';
import { type Closable, type ContractCase, declareContract, within } from './contract-case.js';
import { type ContractRunner, globalRunner } from './contract-runner.js';

/** A tool in the form that all have in common. @publicApi */
export type AnyTool = Pick<SourcedTool, 'id' | 'description' | 'parameters' | 'execute'>;

/** @publicApi */
export interface ToolUnderTest extends Closable {
  /** An object of a class marked `@AgentTool`, or a tool of a source. */
  tool: AgentToolHandler | AnyTool;
  /** Arguments of a call that works, as a model gives them. */
  input: Record<string, unknown>;
  /** Arguments of a call that cannot work, whose error the model reads. Absent: not looked at. */
  failing?: Record<string, unknown>;
  /** What differs from the context of a call in an empty place: an instance, a conversation. */
  context?: Partial<ToolContext>;
}

/** @publicApi */
export interface ToolSourceUnderTest extends Closable {
  source: ToolSourceHandler;
  /** Default: one of an empty place. */
  instance?: Instance;
  /** Arguments of calls that work, by tool. The tools named here are called. */
  examples?: Readonly<Record<string, Record<string, unknown>>>;
}

/** Milliseconds in which a source has to say which tools it has. */
const LIST_LIMIT = 5_000;
/** Milliseconds that a call, or the end of one that was aborted, may take. */
const CALL_LIMIT = 30_000;

/**
 * Declares the tests that every tool must pass. They make real calls of it.
 *
 * @param name of the tool, for the report
 * @param open called once per test
 * @param runner where the tests are declared; default: the global `describe` and `it`
 * @example
 * toolContract('dice', async () => ({ tool: new DiceTool(), input: { sides: 6 }, failing: { sides: 1 } }));
 * @publicApi
 */
export function toolContract(
  name: string,
  open: () => Promise<ToolUnderTest>,
  runner: ContractRunner = globalRunner(),
): void {
  declareContract(`${name} keeps the contract of tools`, { open, runner }, (test) => {
    test('is described for models', async ({ tool, input }) => checkDeclaration(asTool(tool), input));

    test('gives a result that can be shown and stored', async ({ tool, input, context }) => {
      checkResult(await call(asTool(tool), input, context));
    });

    test('asks in a form that rules can judge', async ({ tool, input, context }) => {
      const asked: ToolPermission[] = [];
      await call(asTool(tool), input, { ...context, ask: async (permission) => void asked.push(permission) });
      for (const { permission, patterns, always, metadata } of asked) {
        assert.match(permission, /^\S+$/, 'a permission needs a name');
        assert.ok(patterns.length > 0 && patterns.every(isText), `${permission} needs patterns`);
        assert.ok(always.every(isText), `what "always" allows under ${permission} are patterns`);
        assertStorable(metadata);
      }
    });

    refusalCase(test);

    test('ends soon when the call is aborted', async ({ tool, input, context }) => {
      const abort = new AbortController();
      abort.abort();
      // to reject and to end early are both right; to wait is not
      await call(asTool(tool), input, { ...context, signal: abort.signal }).catch((error: unknown) => {
        if (String(error).includes('no end within')) throw error;
      });
    });

    test('says what is wrong when it cannot work', async ({ tool, failing, context }) => {
      if (failing === undefined) return;
      await assert.rejects(call(asTool(tool), failing, context), (error: unknown) => {
        assert.ok(error instanceof Error && error.message.trim() !== '', 'the model reads the message of an Error');
        return true;
      });
    });
  });
}

/**
 * Declares the tests that every source of tools must pass.
 *
 * @param name of the source, for the report
 * @param open called once per test
 * @param runner where the tests are declared; default: the global `describe` and `it`
 * @example
 * toolSourceContract('tickets', async () => ({ source: new TicketTools(), examples: { search_open: { text: 'crash' } } }));
 * @publicApi
 */
export function toolSourceContract(
  name: string,
  open: () => Promise<ToolSourceUnderTest>,
  runner: ContractRunner = globalRunner(),
): void {
  declareContract(`${name} keeps the contract of tool sources`, { open, runner }, (test) => {
    test('speaks this version of the interface', async ({ source }) => {
      assert.equal(source.specificationVersion, TOOL_SOURCE_SPECIFICATION);
    });

    test('lists tools with distinct names, soon and every time', async ({ source, instance = somewhere() }) => {
      const ids = async () => (await within(LIST_LIMIT, source.tools(instance), 'tools()')).map(({ id }) => id);
      const first = await ids();
      assert.equal(new Set(first).size, first.length, `twice the same name: ${first.join(', ')}`);
      assert.deepEqual((await ids()).sort(), first.sort());
    });

    test('describes them for models', async ({ source, instance = somewhere(), examples = {} }) => {
      for (const tool of await source.tools(instance)) await checkDeclaration(tool, examples[tool.id]);
    });

    test('gives results that can be shown and stored', async ({ source, instance = somewhere(), examples = {} }) => {
      const tools = await source.tools(instance);
      for (const [id, input] of Object.entries(examples)) {
        const tool = tools.find((each) => each.id === id);
        assert.ok(tool, `there is an example for ${id}, and no such tool`);
        checkResult(await call(tool, input, { instance }));
      }
    });
  });
}

function refusalCase(test: ContractCase<ToolUnderTest>): void {
  test('lets the refusal of a permission pass', async ({ tool, input, context }) => {
    const refusal = new Error('not allowed');
    let asked = false;
    const ask = () => {
      asked = true;
      return Promise.reject(refusal);
    };
    const outcome = await call(asTool(tool), input, { ...context, ask }).catch((error: unknown) => error);
    if (asked) assert.equal(outcome, refusal, 'execute() must reject with what ask() rejects with');
  });
}

async function checkDeclaration({ id, description, parameters }: AnyTool, example?: object): Promise<void> {
  assert.match(id, /^[A-Za-z0-9_-]{1,128}$/, 'models take 1 to 128 letters, digits, "_" and "-" as a name');
  assert.notEqual(description.trim(), '', `${id} says nothing of what it does`);
  assert.equal(parameters['type'], 'object', `the parameters of ${id} are no JSON Schema of an object`);
  assertStorable(parameters);
  const validate = await compiled(id, parameters);
  if (example) assert.ok(validate(example), `the example for ${id} does not fit: ${JSON.stringify(validate.errors)}`);
}

/** Tools say which edition of JSON Schema they mean, or mean one of the two that models know. */
async function compiled(id: string, schema: object) {
  const [{ Ajv }, { Ajv2020 }] = await Promise.all([import('ajv'), import('ajv/dist/2020.js')]);
  const options = { strict: false, validateFormats: false, logger: false } as const;
  const { $schema = '' } = schema as { $schema?: string };
  try {
    return $schema.includes('draft-07') ? new Ajv(options).compile(schema) : new Ajv2020(options).compile(schema);
  } catch (error) {
    return assert.fail(`the parameters of ${id} are no valid JSON Schema: ${String(error)}`);
  }
}

function checkResult({ title, output, metadata = {}, attachments = [] }: ToolResult): void {
  assert.equal(typeof output, 'string', 'the output is text');
  assert.equal(typeof title, 'string', 'the title is text');
  assertStorable(metadata);
  for (const { mime, url } of attachments) {
    assert.match(mime, /^[\w.+-]+\/[\w.+-]+/, `no media type: ${mime}`);
    assert.match(url, /^data:/, 'an attachment is a data URL');
  }
}

/** What is stored and sent as JSON has to come back as it was. */
function assertStorable(value: unknown): void {
  const there = JSON.stringify(value);
  assert.equal(JSON.stringify(JSON.parse(there)), there);
}

const isText = (pattern: unknown): boolean => typeof pattern === 'string' && pattern !== '';

function asTool(tool: AgentToolHandler | AnyTool): AnyTool {
  if ('id' in tool) return tool;
  const options = Reflect.getMetadata(AgentTool.KEY, tool.constructor) as
    Parameters<typeof toolOfHandler>[0] | undefined;
  assert.ok(options, `${tool.constructor.name} is not marked @AgentTool()`);
  return toolOfHandler(options, tool);
}

function call(tool: AnyTool, input: Record<string, unknown>, context: Partial<ToolContext> = {}): Promise<ToolResult> {
  return within(CALL_LIMIT, tool.execute(input, { ...usual(), ...context }), tool.id);
}

function usual(): ToolContext {
  return {
    instance: somewhere(),
    sessionID: 'ses_00000000000000000000000000',
    messageID: 'msg_00000000000000000000000000',
    callID: 'call_1',
    agent: 'build',
    messages: [],
    signal: new AbortController().signal,
    ask: async () => undefined,
    update: () => undefined,
  };
}

function somewhere(): Instance {
  const project: Project = { id: 'global', worktree: '/', time: { created: 0, updated: 0 }, sandboxes: [] };
  return new Instance('/', { worktree: '/', project });
}
