import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { EventStream } from './event-stream.mjs';

/** Milliseconds a request may take. */
const REQUEST_LIMIT = 120_000;

/** Asks one server about one directory, over connections that stay open. */
export class Client {
  #agent = new Agent({ keepAlive: true });

  constructor(url, directory) {
    this.url = url;
    this.directory = directory;
  }

  /** The body of the answer as it came; anything but success is an error. */
  async text(method, path, body) {
    const response = await this.#send(method, path, body);
    const answer = await text(response);
    if (response.statusCode >= 300)
      throw new Error(`${method} ${path}: ${response.statusCode} ${answer.slice(0, 500)}`);
    return answer;
  }

  async get(path) {
    return JSON.parse(await this.text('GET', path));
  }

  async post(path, body = {}) {
    return JSON.parse(await this.text('POST', path, body));
  }

  /** Makes a session and returns its id. */
  async session() {
    return (await this.post('/session')).id;
  }

  /** Sends a prompt and waits for the whole answer, which must be the text that was scripted. */
  async prompt(sessionID, text, expected) {
    const answer = await this.post(`/session/${sessionID}/message`, { parts: [{ type: 'text', text }] });
    const said = answer.parts.filter(({ type }) => type === 'text').map((part) => part.text);
    if (said.join('') !== expected)
      throw new Error(`The answer is not what was scripted: ${JSON.stringify(answer).slice(0, 1000)}`);
  }

  /** Opens `/event` of the directory. */
  async events() {
    const response = await this.#send('GET', '/event', undefined, false);
    if (response.statusCode !== 200) throw new Error(`/event answered ${response.statusCode}`);
    return new EventStream(response);
  }

  close() {
    this.#agent.destroy();
  }

  #send(method, path, body, limited = true) {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const options = {
      method,
      // a stream keeps its connection to itself
      agent: limited ? this.#agent : false,
      headers: {
        'x-opencode-directory': encodeURIComponent(this.directory),
        ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
      },
      ...(limited && { signal: AbortSignal.timeout(REQUEST_LIMIT) }),
    };
    return new Promise((resolve, reject) => {
      request(new URL(path, this.url), options, resolve).once('error', reject).end(payload);
    });
  }
}
