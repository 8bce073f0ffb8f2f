import type { GuideRequest } from './guide-request.js';

/** A tool call the guide makes. */
export interface GuideCall {
  tool: string;
  input: Record<string, unknown>;
  /** Said before the call. */
  intro: string;
}

type Action = Exclude<GuideRequest, { kind: 'help' | 'unknown' }>;

/** The tool call that carries out a request, with what is offered; undefined when no tool for it is offered. */
export function callFor(request: Action, offered: ReadonlySet<string>): GuideCall | undefined {
  return candidates(request).find((call) => offered.has(call.tool));
}

/** Tools that could do it, best first. */
export function candidates(request: Action): GuideCall[] {
  switch (request.kind) {
    case 'list': {
      const path = request.directory === undefined ? {} : { path: request.directory };
      const intro = `I look for files${request.directory ? ` in ${request.directory}` : ''}.`;
      const glob = { tool: 'glob', input: { pattern: request.pattern ?? '*', ...path }, intro };
      const read = { tool: 'read', input: { filePath: request.directory ?? '.' }, intro };
      return request.pattern === undefined ? [glob, read] : [glob];
    }
    case 'read':
      return [{ tool: 'read', input: { filePath: request.file }, intro: `I read ${request.file}.` }];
    case 'search': {
      const path = request.directory === undefined ? {} : { path: request.directory };
      const input = { pattern: escapeRegex(request.text), ...path };
      return [{ tool: 'grep', input, intro: `I search for "${request.text}".` }];
    }
    case 'run': {
      const input = { command: request.command, description: 'Runs the command that the user asked for' };
      return [{ tool: 'bash', input, intro: 'I run the command; you may be asked to allow it.' }];
    }
    case 'write': {
      const input = { filePath: request.file, content: request.content };
      return [{ tool: 'write', input, intro: `I write ${request.file}; you may be asked to allow it.` }];
    }
  }
}

/** Text as a pattern that finds just this text. */
function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
