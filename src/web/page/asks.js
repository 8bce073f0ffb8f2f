import { element } from './element.js';

/** A permission or question that waits for the person. `post` answers it, `attempt` tells when that fails. */
export function asked(ask, post, attempt) {
  const card = 'questions' in ask ? questionCard(ask, post, attempt) : permissionCard(ask, post, attempt);
  card.dataset.id = ask.id;
  return card;
}

function permissionCard({ id, permission, patterns, always, metadata }, post, attempt) {
  const reply = (label, value) => {
    const button = element('button', { type: 'button' }, label);
    button.addEventListener(
      'click',
      attempt(() => post(`permission/${id}/reply`, { reply: value })),
    );
    return button;
  };
  const details = metadata?.diff ?? metadata?.command;
  return element(
    'fieldset',
    {},
    element('legend', {}, `May the agent use ${permission}?`),
    element('pre', { tabindex: '0' }, typeof details === 'string' ? details : patterns.join('\n')),
    element(
      'div',
      { class: 'row' },
      reply('Allow once', 'once'),
      ...(always.length > 0 ? [reply(`Always allow ${always.join(', ')}`, 'always')] : []),
      reply('Reject', 'reject'),
    ),
  );
}

function questionCard({ id, questions }, post, attempt) {
  const form = element('form', {});
  const fields = questions.map((question, index) => questionField(question, `${id}-${index}`));
  const dismiss = element('button', { type: 'button' }, 'Dismiss');
  dismiss.addEventListener(
    'click',
    attempt(() => post(`question/${id}/reject`)),
  );
  form.append(
    ...fields.map(({ root }) => root),
    element('div', { class: 'row' }, element('button', { type: 'submit' }, 'Answer'), dismiss),
  );
  form.addEventListener(
    'submit',
    attempt(() => post(`question/${id}/reply`, { answers: fields.map(({ answer }) => answer()) })),
  );
  return form;
}

function questionField({ question, header, options, multiple, custom = true }, name) {
  const choices = options.map(({ label, description }) => {
    const box = element('input', { type: multiple ? 'checkbox' : 'radio', name, value: label });
    return { box, label: element('label', {}, box, ` ${label}`, description ? ` – ${description}` : '') };
  });
  const own = element('input', { type: 'text', 'aria-label': `Own answer: ${question}`, placeholder: 'Own answer' });
  const root = element(
    'fieldset',
    {},
    element('legend', {}, header),
    element('p', { class: 'prose' }, question),
    ...choices.map(({ label }) => label),
    ...(custom ? [own] : []),
  );
  const answer = () => {
    const chosen = choices.flatMap(({ box }) => (box.checked ? [box.value] : []));
    const text = own.value.trim();
    if (text === '') return chosen;
    return multiple ? [...chosen, text] : [text];
  };
  return { root, answer };
}
