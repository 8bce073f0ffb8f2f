import { asked } from './asks.js';
import { Conversation, errorText, promptRequest } from './conversation.js';
import { element, find } from './element.js';
import { LogView } from './log-view.js';

/** Messages that are shown at first, and that are added when a person asks for earlier ones; the same of sessions. */
const MESSAGES = 200;
const SESSIONS = 100;

const directory = new URLSearchParams(location.search).get('directory') ?? undefined;
const sessions = new Map();
const busy = new Set();
let commands = [];
let current = new Conversation(undefined);
/** Events that come while a session is being opened; undefined while none is. */
let held;
let listed = SESSIONS;
let shown = MESSAGES;
const log = new LogView(
  find('log'),
  attempt(() => showOlder()),
);

/** Asks the server; rejects with what it says when it refuses. */
async function api(path, { method = 'GET', body } = {}) {
  const response = await fetch(path, {
    method,
    headers: {
      ...(directory === undefined ? {} : { 'x-opencode-directory': encodeURIComponent(directory) }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Error(answer?.data?.message ?? `The server answered ${response.status}`);
  return answer;
}

const post = (path, body = {}) => api(path, { method: 'POST', body });
const sessionPath = (rest) => `session/${current.sessionID}/${rest}`;

function tell(problem) {
  const line = find('problem');
  line.textContent = problem ? String(problem.message ?? problem) : '';
  line.hidden = !problem;
}

/** Runs what a person asked for, and tells when it fails. */
function attempt(work) {
  return (event) => {
    event?.preventDefault();
    tell();
    Promise.resolve(work(event)).catch(tell);
  };
}

function showSessions() {
  const roots = [...sessions.values()].filter(({ parentID, time }) => !parentID && !time.archived);
  roots.sort((a, b) => b.time.updated - a.time.updated);
  const items = roots.slice(0, listed).map((session) => {
    const time = element('time', {}, new Date(session.time.updated).toLocaleString());
    const label = busy.has(session.id) ? `${session.title} (working)` : session.title;
    const button = element('button', { type: 'button' }, label, time);
    if (session.id === current.sessionID) button.setAttribute('aria-current', 'page');
    button.addEventListener('click', () => {
      location.hash = session.id;
      expand(false);
    });
    return element('li', {}, button);
  });
  const list = find('sessions');
  const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
  list.replaceChildren(...items);
  if (focused >= 0) list.children[focused]?.querySelector('button')?.focus();
}

function showState() {
  const works = busy.has(current.sessionID);
  const session = sessions.get(current.sessionID);
  const title = session?.title ?? 'New session';
  if (find('title').textContent !== title) find('title').textContent = title;
  document.title = session ? `${title} – opencode` : 'opencode';
  const status = current.sessionID === undefined ? '' : works ? 'Working…' : 'Ready';
  if (find('status').textContent !== status) find('status').textContent = status;
  find('log').setAttribute('aria-busy', String(works));
  find('stop').disabled = !works;
}

async function showAsks() {
  const { sessionID } = current;
  const place = find('asks');
  if (sessionID === undefined) return place.replaceChildren();
  const [permissions, questions] = await Promise.all([api(sessionPath('permission')), api(sessionPath('question'))]);
  if (sessionID !== current.sessionID) return;
  const shown = new Map([...place.children].map((child) => [child.dataset.id, child]));
  // one that is being answered stays as it is
  const cards = [...permissions, ...questions].map((ask) => shown.get(ask.id) ?? asked(ask, post, attempt));
  log.keepEnd(() => place.replaceChildren(...cards));
}

/** Shows the session that the address names. */
async function open() {
  const id = location.hash.slice(1) || undefined;
  held = [];
  try {
    shown = id === current.sessionID ? shown : MESSAGES;
    const history = id === undefined ? [] : await api(`session/${encodeURIComponent(id)}/message?limit=${shown}`);
    if ((location.hash.slice(1) || undefined) !== id) return;
    current = new Conversation(id, history);
  } catch (error) {
    // another one may have been opened meanwhile
    if ((location.hash.slice(1) || undefined) !== id) return;
    current = new Conversation(undefined);
    tell(error);
  }
  const missed = held;
  held = undefined;
  for (const event of missed) current.apply(event);
  log.show(current, current.messages.length >= shown);
  const { model, agent } = current.choice;
  if (model) select('model', model);
  if (agent) select('agent', agent);
  showSessions();
  showState();
  await showAsks();
}

/** Adds messages before the first; those that are there stay as they are. */
async function showOlder() {
  const conversation = current;
  const history = await api(sessionPath(`message?limit=${shown + MESSAGES}`));
  if (conversation !== current) return;
  shown += MESSAGES;
  log.showOlder(conversation.addOlder(history), history.length >= shown);
}

/** Chooses what is offered; anything else leaves the choice alone. */
function select(id, value) {
  const list = find(id);
  if ([...list.options].some((option) => option.value === value)) list.value = value;
}

async function send() {
  const field = find('text');
  const text = field.value;
  if (text.trim() === '') return;
  field.value = '';
  try {
    if (current.sessionID === undefined) {
      const session = await post('session');
      sessions.set(session.id, session);
      history.replaceState(undefined, '', `#${session.id}`);
      await open();
    }
    const choice = { model: find('model').value, agent: find('agent').value };
    const { path, body } = promptRequest(text, choice, commands);
    await post(sessionPath(path), body);
  } catch (error) {
    if (field.value === '') field.value = text;
    throw error;
  }
}

/** Takes one event of the stream. */
function take(event) {
  const { type, properties } = event;
  if (held) held.push(event);
  const message = held ? undefined : current.apply(event);
  if (message !== undefined) log.change(message);
  switch (type) {
    case 'server.connected':
      return void start().catch(tell);
    case 'session.created':
    case 'session.updated':
      sessions.set(properties.info.id, properties.info);
      break;
    case 'session.deleted':
      sessions.delete(properties.info.id);
      if (properties.info.id === current.sessionID) location.hash = '';
      break;
    case 'session.status':
      if (properties.status.type === 'idle') busy.delete(properties.sessionID);
      else busy.add(properties.sessionID);
      break;
    case 'session.error':
      if (properties.sessionID === undefined) tell(errorText(properties.error ?? { name: 'Something failed' }));
      return undefined;
    default:
      if (/^(permission|question)\./.test(type)) showAsks().catch(tell);
      return undefined;
  }
  showSessions();
  showState();
  return undefined;
}

async function listSessions() {
  const list = await api(`session?roots=true&limit=${listed}`);
  sessions.clear();
  for (const session of list) sessions.set(session.id, session);
  find('more').hidden = list.length < listed;
}

/** Reads everything anew: at the beginning, and when the connection was lost. */
async function start() {
  const [, statuses] = await Promise.all([listSessions(), api('session/status')]);
  busy.clear();
  for (const [id, { type }] of Object.entries(statuses)) if (type !== 'idle') busy.add(id);
  await open();
}

/** What can be chosen. */
async function choices() {
  const [{ providers }, agents, known, path] = await Promise.all([
    api('config/providers'),
    api('agent'),
    api('command'),
    api('path'),
  ]);
  find('directory').textContent = path.directory;
  commands = known.map(({ name }) => name);
  const option = (value, label) => element('option', { value }, label);
  const groups = providers.map(({ name, models }) =>
    element(
      'optgroup',
      { label: name },
      ...Object.values(models).map((model) => option(`${model.providerID}/${model.id}`, model.name)),
    ),
  );
  find('model').replaceChildren(option('', 'Default'), ...groups);
  const offered = agents.filter(({ mode, hidden }) => mode !== 'subagent' && !hidden);
  find('agent').replaceChildren(option('', 'Default'), ...offered.map(({ name }) => option(name, name)));
  const { model, agent } = current.choice;
  if (model) select('model', model);
  if (agent) select('agent', agent);
}

/** On a small screen the sessions are shown when a person asks for them. */
function expand(open) {
  find('expand').setAttribute('aria-expanded', String(open));
}

find('expand').addEventListener('click', () => expand(find('expand').getAttribute('aria-expanded') !== 'true'));
find('more').addEventListener(
  'click',
  attempt(async () => {
    listed += SESSIONS;
    await listSessions();
    showSessions();
  }),
);
find('new').addEventListener('click', () => {
  location.hash = '';
  expand(false);
  find('text').focus();
});
find('stop').addEventListener(
  'click',
  attempt(() => post(sessionPath('abort'))),
);
find('prompt').addEventListener('submit', attempt(send));
find('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find('prompt').requestSubmit();
});
addEventListener('hashchange', attempt(open));
choices().catch(tell);
const stream = new EventSource(directory === undefined ? 'event' : `event?directory=${encodeURIComponent(directory)}`);
stream.addEventListener('message', ({ data }) => take(JSON.parse(data)));
stream.addEventListener('error', () => tell('The connection to the server is lost; it is tried again.'));
stream.addEventListener('open', () => tell());
