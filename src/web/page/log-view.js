import { element } from './element.js';
import { MessageView } from './message-view.js';

/** The conversation on the screen. Whoever looks at its end still does so when something is added there. */
export class LogView {
  #root;
  #older;
  #conversation;
  #views = new Map();
  #changed = new Set();

  /** @param onOlder called when a person asks for the messages before the first */
  constructor(root, onOlder) {
    this.#root = root;
    this.#older = element('button', { type: 'button', class: 'older' }, 'Earlier messages');
    this.#older.addEventListener('click', onOlder);
  }

  /** Shows a conversation, from its end. */
  show(conversation, hasOlder) {
    this.#conversation = conversation;
    this.#views = new Map();
    this.#root.replaceChildren(this.#older);
    this.#draw(conversation.messages.map(({ id }) => id));
    this.#older.hidden = !hasOlder;
    this.#root.scrollTop = this.#root.scrollHeight;
  }

  /** Shows messages that came before the first; what was looked at stays where it is. */
  showOlder(ids, hasOlder) {
    const log = this.#root;
    const fromEnd = log.scrollHeight - log.scrollTop;
    this.#draw(ids);
    this.#older.hidden = !hasOlder;
    log.scrollTop = log.scrollHeight - fromEnd;
    if (!hasOlder) log.focus({ preventScroll: true });
  }

  /** Draws a message that is another one now, with the next picture. */
  change(id) {
    if (this.#changed.size === 0) requestAnimationFrame(() => this.keepEnd(() => this.#drawChanged()));
    this.#changed.add(id);
  }

  keepEnd(work) {
    const log = this.#root;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    work();
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  #drawChanged() {
    const ids = [...this.#changed];
    this.#changed = new Set();
    this.#draw(ids);
  }

  #draw(ids) {
    for (const id of ids) {
      const message = this.#conversation.message(id);
      const view = this.#views.get(id);
      if (!message) {
        view?.root.remove();
        this.#views.delete(id);
      } else if (view) view.update(message);
      else this.#place(message);
    }
  }

  #place(message) {
    const view = new MessageView(message);
    let next = null;
    for (const id of this.#views.keys()) if (id > message.id && (next === null || id < next)) next = id;
    this.#root.insertBefore(view.root, next === null ? null : this.#views.get(next).root);
    this.#views.set(message.id, view);
  }
}
