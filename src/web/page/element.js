/** Makes an element; texts stay texts, so that nothing a model writes becomes part of the page. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const find = (id) => document.getElementById(id);
