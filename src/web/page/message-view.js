import { describeTool, errorText, isImage, pieces } from './conversation.js';
import { element } from './element.js';

/** One message of the conversation; what is unchanged stays in place, so that an opened detail stays open. */
export class MessageView {
  #parts = new Map();
  #body = element('div');
  #error = element('p', { class: 'error' });

  constructor(message) {
    const { role, agent, modelID } = message.info;
    const who = role === 'user' ? 'You' : [agent, modelID].filter(Boolean).join(' · ');
    this.root = element('article', { class: role, 'aria-label': who }, element('h3', {}, who), this.#body, this.#error);
    this.update(message);
  }

  update({ info, parts }) {
    const shown = parts.filter(isShown);
    for (const [id, { root }] of this.#parts)
      if (!shown.some((part) => part.id === id)) {
        root.remove();
        this.#parts.delete(id);
      }
    shown.forEach((part, index) => {
      const known = this.#parts.get(part.id);
      if (known?.part === part) return;
      const root = drawn(part, known?.root);
      this.#parts.set(part.id, { part, root });
      if (this.#body.children[index] !== root) this.#body.insertBefore(root, this.#body.children[index] ?? null);
    });
    this.#error.textContent = info.error ? errorText(info.error) : '';
    this.#error.hidden = !info.error;
  }
}

/** What the program itself says to the model is left out, and so are the marks of steps. */
function isShown(part) {
  if (part.type === 'text') return !part.synthetic && !part.ignored && part.text !== '';
  return part.type === 'tool' || part.type === 'file' || (part.type === 'reasoning' && part.text !== '');
}

function drawn(part, known) {
  switch (part.type) {
    case 'tool':
      return drawnTool(part, known);
    case 'file':
      return isImage(part) ? image(part) : element('p', {}, `Attached: ${part.filename ?? part.mime}`);
    case 'reasoning':
      return detail('Thinking', [element('p', { class: 'prose' }, part.text)], known);
    default: {
      const root = known ?? element('div');
      root.replaceChildren(...pieces(part.text).map(drawnPiece));
      return root;
    }
  }
}

const image = ({ url, filename }) => element('img', { src: url, alt: filename ?? 'An image without a name' });

const drawnPiece = ({ code, text }) =>
  code ? element('pre', { tabindex: '0' }, element('code', {}, text)) : element('p', { class: 'prose' }, text);

function drawnTool(part, known) {
  const { line, input, output, failed, images } = describeTool(part);
  const texts = [input, output].filter((text) => text !== '');
  return detail(
    failed ? `✗ ${line}` : line,
    [...texts.map((text) => element('pre', { tabindex: '0' }, text)), ...images.map(image)],
    known,
  );
}

/** A line that opens; the same one again when there is one, with the focus it may have. */
function detail(line, content, known = element('details', {}, element('summary'))) {
  const [summary, ...old] = known.children;
  if (summary.textContent !== line) summary.textContent = line;
  for (const child of old) child.remove();
  known.append(...content);
  return known;
}
