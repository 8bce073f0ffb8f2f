import { forkTitle } from './fork.service.js';

describe('forkTitle', () => {
  it.each([
    ['Work', 'Work (fork #1)'],
    ['Work (fork #1)', 'Work (fork #2)'],
    ['Work (fork #9)', 'Work (fork #10)'],
    ['Two\nlines (fork #1)', 'Two\nlines (fork #2)'],
    ['', ' (fork #1)'],
  ])('%j becomes %j', (title, expected) => {
    expect(forkTitle(title)).toBe(expected);
  });
});
