import { ServerLog } from './server-log.js';

describe('ServerLog', () => {
  const open = (secrets: string[] = []) => {
    const lines: string[] = [];
    const clock = { now: 20_000 };
    return { lines, clock, log: new ServerLog({ write: (line) => lines.push(line), now: () => clock.now, secrets }) };
  };

  it('writes line by line, without secrets and control characters', () => {
    const { log, lines } = open(['hunter2!', 'short']);
    log.push('key hun');
    log.push('ter2! and Bearer abcdefghij\r\n\n\u001b[31mred short\nrest');
    expect(lines).toEqual(['key [redacted] and [redacted]\\u000d', '\\u001b[31mred short']);
  });

  it('leaves out what is too much, and says so', () => {
    const { log, lines, clock } = open();
    for (let i = 0; i < 250; i++) log.push(`line ${i}\n`);
    expect(lines).toHaveLength(100);
    clock.now += 10_000;
    log.push('calm again\n');
    expect(lines.slice(100)).toEqual(['(150 lines left out)', 'calm again']);
  });

  it('keeps no line that does not end', () => {
    const { log, lines } = open();
    for (let i = 0; i < 100; i++) log.push('x'.repeat(10_000));
    log.push('end\n');
    expect(lines[0]).toHaveLength(4_000);
  });
});
