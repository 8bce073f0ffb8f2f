import type { AssistantMessage, Project, Session, TextPart, UserMessage } from '#libs/contract';

export function session(id: string, change: Partial<Session> = {}): Session {
  return {
    id,
    slug: 'quiet-brook',
    projectID: 'project',
    directory: '/work/project',
    title: `Title of ${id}`,
    version: '1.0.0',
    time: { created: 1_000, updated: 1_000 },
    ...change,
  };
}

export function user(id: string, sessionID: string, created = 1_000): UserMessage {
  return {
    id,
    sessionID,
    role: 'user',
    time: { created },
    agent: 'build',
    model: { providerID: 'offline', modelID: 'guide' },
  };
}

export function assistant(id: string, sessionID: string, parentID: string, created = 1_000): AssistantMessage {
  return {
    id,
    sessionID,
    role: 'assistant',
    time: { created },
    parentID,
    modelID: 'guide',
    providerID: 'offline',
    mode: 'build',
    agent: 'build',
    path: { cwd: '/work/project', root: '/work/project' },
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
  };
}

export function text(id: string, message: { id: string; sessionID: string }, content = `Text of ${id}`): TextPart {
  return { id, sessionID: message.sessionID, messageID: message.id, type: 'text', text: content };
}

export function project(id: string, change: Partial<Project> = {}): Project {
  return { id, worktree: `/work/${id}`, time: { created: 1, updated: 1 }, sandboxes: [], ...change };
}

/** Texts that break naive quoting, escaping or encoding. */
export const HOSTILE: Readonly<Record<string, string>> = {
  quotes: `it's "quoted" \`here\`; DROP TABLE session; --`,
  backslashes: 'C:\\new\\table \\u0000 \\',
  'NUL and control characters': 'before\u0000after\u0001\u001b[0m\u007f',
  'line ends': 'a\r\nb\nc\u2028d\u2029e',
  emoji: '👩‍👩‍👧 e\u0301 \u202eright to left',
  'lone surrogates': 'high \ud83d, low \udc00',
  'name of the prototype': '__proto__',
  'JSON text': '{"info":null,"parts":[]},',
  wildcards: '100% _sure_ [a-z]* ?',
  empty: '',
  long: 'ab'.repeat(200_000),
};
