// What the page knows of one session. No document here, so that it can be tried without a browser.

/** Of two strings, for sorting: ids are in the order of the conversation. */
const byId = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const asShown = ({ id, info, parts }) => ({ id, info, parts: [...parts.values()].sort(byId) });

/** The messages of a session with their parts, made of the history and of the events after it. */
export class Conversation {
  #messages = new Map();

  /** @param history the answer of `GET /session/:id/message` */
  constructor(sessionID, history = []) {
    this.sessionID = sessionID;
    this.addOlder(history);
  }

  /** Takes what is not there yet of a history; returns the ids. Newer states have come by events. */
  addOlder(history) {
    const added = history.filter(({ info }) => !this.#messages.has(info.id));
    for (const { info, parts } of added)
      this.#messages.set(info.id, { id: info.id, info, parts: new Map(parts.map((part) => [part.id, part])) });
    return added.map(({ info }) => info.id);
  }

  /** In order, each `{ id, info, parts }`; parts in order too. */
  get messages() {
    return [...this.#messages.values()]
      .filter(({ info }) => info)
      .sort(byId)
      .map(asShown);
  }

  message(id) {
    const message = this.#messages.get(id);
    return message?.info && asShown(message);
  }

  /** Model and agent of the newest prompt. */
  get choice() {
    const info = this.messages.findLast(({ info }) => info.role === 'user')?.info;
    return { model: info?.model && `${info.model.providerID}/${info.model.modelID}`, agent: info?.agent };
  }

  /** Takes an event; returns the id of the message that is another one now, or undefined. */
  apply({ type, properties }) {
    switch (type) {
      case 'message.updated': {
        const { info } = properties;
        if (info.sessionID !== this.sessionID) return undefined;
        this.#entry(info.id).info = info;
        return info.id;
      }
      case 'message.part.updated': {
        const { part } = properties;
        if (part.sessionID !== this.sessionID) return undefined;
        this.#entry(part.messageID).parts.set(part.id, part);
        return part.messageID;
      }
      case 'message.part.delta': {
        const { sessionID, messageID, partID, field, delta } = properties;
        const parts = this.#messages.get(messageID)?.parts;
        const part = parts?.get(partID);
        if (sessionID !== this.sessionID || !part) return undefined;
        parts.set(partID, { ...part, [field]: (part[field] ?? '') + delta });
        return messageID;
      }
      case 'message.part.removed':
        if (properties.sessionID !== this.sessionID) return undefined;
        this.#messages.get(properties.messageID)?.parts.delete(properties.partID);
        return properties.messageID;
      case 'message.removed':
        if (properties.sessionID !== this.sessionID) return undefined;
        this.#messages.delete(properties.messageID);
        return properties.messageID;
      default:
        return undefined;
    }
  }

  #entry(id) {
    const entry = this.#messages.get(id) ?? { id, info: undefined, parts: new Map() };
    this.#messages.set(id, entry);
    return entry;
  }
}

/** A text of Markdown as pieces: what stands between fences is code, also when the last fence is still to come. */
export function pieces(text) {
  const found = [];
  let lines = [];
  let fence;
  const end = () => {
    const piece = lines.join('\n');
    if (fence) found.push({ code: true, text: piece });
    else if (piece.trim() !== '') found.push({ code: false, text: piece.replace(/^\s*\n|\s+$/g, '') });
    lines = [];
  };
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    const closes = fence && mark && mark[1].startsWith(fence) && mark[2].trim() === '';
    if (closes || (!fence && mark)) {
      end();
      fence = closes ? undefined : mark[1];
    } else lines.push(line);
  }
  end();
  return found;
}

/** A tool call in a line, and what went in and came out. */
export function describeTool({ tool, state }) {
  const title = state.title || firstText(state.input) || '';
  return {
    line: [tool, title, state.status === 'completed' ? '' : `(${state.status})`]
      .filter((word) => word !== '')
      .join(' '),
    input: state.input && Object.keys(state.input).length > 0 ? JSON.stringify(state.input, undefined, 2) : '',
    output: state.output ?? state.error ?? '',
    failed: state.status === 'error',
    images: (state.attachments ?? []).filter(isImage),
  };
}

/** Whether the page can show a file: it comes with the message, and from nowhere else. */
export const isImage = ({ url }) => /^data:image\//.test(url ?? '');

const firstText = (input) =>
  Object.values(input ?? {}).find((value) => typeof value === 'string' && value.length < 200);

/** What an error says, whatever its kind. */
export const errorText = ({ name, data }) => data?.message ?? name;

/** The request that a prompt becomes: a known `/name` runs that command. */
export function promptRequest(text, { model, agent }, commands) {
  const [, command, rest] = /^\/(\S+)\s*([^]*)$/.exec(text.trim()) ?? [];
  const chosen = agent ? { agent } : {};
  if (command !== undefined && commands.includes(command))
    return { path: 'command', body: { ...chosen, ...(model ? { model } : {}), command, arguments: rest } };
  const [providerID, ...modelID] = (model ?? '').split('/');
  return {
    path: 'prompt_async',
    body: {
      ...chosen,
      ...(model ? { model: { providerID, modelID: modelID.join('/') } } : {}),
      parts: [{ type: 'text', text }],
    },
  };
}
