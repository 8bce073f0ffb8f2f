/** How providers word that a request does not fit into the context of the model. */
const PHRASES = [
  /prompt is too long/i,
  /input is too long for requested model/i,
  /exceeds the context window/i,
  /input token count.*exceeds the maximum/i,
  /maximum prompt length is \d+/i,
  /reduce the length of the messages/i,
  /maximum context length is \d+ tokens/i,
  /exceeds the limit of \d+/i,
  /exceeds the available context size/i,
  /greater than the context length/i,
  /context window exceeds limit/i,
  /exceeded model token limit/i,
  /context[_ ]length[_ ]exceeded/i,
  /^4(00|13)\s*(status code)?\s*\(no body\)/i,
];

/** Whether the text of a provider's error says that the context is full. */
export function isContextOverflow(text: string): boolean {
  return PHRASES.some((phrase) => phrase.test(text));
}
