import { asked } from './asks.js';
import { Conversation, errorText, promptRequest } from './conversation.js';
import { element, find } from './element.js';
import { MessageView } from './message-view.js';

/** Messages that are shown; older ones are left out. */
const NEWEST = 200;
/** Sessions that are listed. */
const LISTED = 100;

const directory = new URLSearchParams(location.search).get('directory') ?? undefined;
const sessions = new Map();
const busy = new Set();
let commands = [];
let current = new Conversation(undefined);
/** Events that come while a session is being opened; undefined while none is. */
let held;
let views = new Map();
let changed = new Set();

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
const attempt = (work) => (event) => {
  event?.preventDefault();
  tell();
  Promise.resolve(work(event)).catch(tell);
};

function showSessions() {
  const listed = [...sessions.values()].filter(({ parentID, time }) => !parentID && !time.archived);
  listed.sort((a, b) => b.time.updated - a.time.updated);
  const items = listed.slice(0, LISTED).map((session) => {
    const time = element('time', {}, new Date(session.time.updated).toLocaleString());
    const label = busy.has(session.id) ? `${session.title} (working)` : session.title;
    const button = element('button', { type: 'button' }, label, time);
    if (session.id === current.sessionID) button.setAttribute('aria-current', 'page');
    button.addEventListener('click', () => (location.hash = session.id));
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

/** Whoever looks at the end of the conversation still does so after `work`. */
function keepEnd(work) {
  const log = find('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  work(log);
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/** Draws what has changed since the last time. */
function draw(log) {
  for (const id of changed) {
    const message = current.message(id);
    const view = views.get(id);
    if (!message) {
      view?.root.remove();
      views.delete(id);
    } else if (view) view.update(message);
    else place(log, message);
  }
  changed = new Set();
}

function place(log, message) {
  const view = new MessageView(message);
  const next = [...views.keys()].filter((id) => id > message.id).sort()[0];
  log.insertBefore(view.root, next === undefined ? null : views.get(next).root);
  views.set(message.id, view);
}

function change(id) {
  if (changed.size === 0) requestAnimationFrame(() => keepEnd(draw));
  changed.add(id);
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
  keepEnd(() => place.replaceChildren(...cards));
}

/** Shows the session that the address names. */
async function open() {
  const id = location.hash.slice(1) || undefined;
  held = [];
  try {
    const history = id === undefined ? [] : await api(`session/${encodeURIComponent(id)}/message?limit=${NEWEST}`);
    if ((location.hash.slice(1) || undefined) !== id) return;
    current = new Conversation(id, history);
  } catch (error) {
    current = new Conversation(undefined);
    tell(error);
  }
  const missed = held;
  held = undefined;
  views = new Map();
  find('log').replaceChildren();
  for (const event of missed) current.apply(event);
  changed = new Set(current.messages.map((message) => message.id));
  draw(find('log'));
  find('log').scrollTop = find('log').scrollHeight;
  const { model, agent } = current.choice;
  if (model) select('model', model);
  if (agent) select('agent', agent);
  showSessions();
  showState();
  await showAsks();
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
  if (message !== undefined) change(message);
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

/** Reads everything anew: at the beginning, and when the connection was lost. */
async function start() {
  const [list, statuses] = await Promise.all([api(`session?roots=true&limit=${LISTED}`), api('session/status')]);
  sessions.clear();
  for (const session of list) sessions.set(session.id, session);
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

find('new').addEventListener('click', () => {
  location.hash = '';
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
