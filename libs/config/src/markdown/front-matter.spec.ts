import { readFrontMatter } from './front-matter.js';

describe('readFrontMatter', () => {
  it.each([
    ['Just text\n---\nmore', {}, 'Just text\n---\nmore'],
    ['---\nagent: build\nsubtask: true\n---\nBody\n', { agent: 'build', subtask: true }, 'Body\n'],
    ['---\r\nagent: build\r\n---\r\nBody', { agent: 'build' }, 'Body'],
    ['---\n---\nBody', {}, 'Body'],
    ['---\ndescription: Review: all of it\n---\nx', { description: 'Review: all of it' }, 'x'],
  ])('%j', (text, data, body) => expect(readFrontMatter(text)).toMatchObject({ data, body }));

  it.each(['---\n- a\n---\nx', '---\n"a\n---\nx'])('refuses %j', (text) =>
    expect(() => readFrontMatter(text)).toThrow(),
  );

  it('looks at long lines once', () =>
    expect(() => readFrontMatter(`---\na:${' '.repeat(200_000)}x\nb: [\n---\n`)).toThrow('b: ['));
});
