import { LineSplitter } from './line-splitter.js';

describe('LineSplitter', () => {
  const push = (splitter: LineSplitter, ...texts: string[]) =>
    texts.map((text) => splitter.push(Buffer.from(text, 'utf8')));

  it('gives whole lines, however they come', () => {
    expect(push(new LineSplitter(100), 'a', 'b\nc\r\n', '\n', 'd')).toEqual([[], ['ab', 'c'], [''], []]);
    const [first, second] = [Buffer.from('ü\n').subarray(0, 1), Buffer.from('ü\n').subarray(1)];
    const splitter = new LineSplitter(100);
    expect([splitter.push(first), splitter.push(second)]).toEqual([[], ['ü']]);
  });

  it('refuses a line that never ends', () => {
    const splitter = new LineSplitter(10);
    expect(push(splitter, '12345', '67890\n')).toEqual([[], ['1234567890']]);
    expect(() => push(splitter, '12345', '678901')).toThrow('A line of more than 10 bytes');
  });
});
