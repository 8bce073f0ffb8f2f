import { logLine } from './log-line.js';

const line = (message: string, extra?: Record<string, unknown>) =>
  logLine({ service: 'tui', level: 'info', message, extra });

describe('logLine', () => {
  it('is one line of service, message and the rest', () => {
    expect(line('started', { ms: 3 })).toBe('[tui] started {"ms":3}');
    expect(line('started', {})).toBe('[tui] started');
  });

  it('takes secrets out', () => {
    expect(line('sent Bearer abcdefgh123 to sk-proj-abc123def')).toBe('[tui] sent [redacted] to [redacted]');
    const extra = { apiKey: 'a', deep: [{ password: 'b', accessToken: 'c', key: 'd' }], keyboard: 'qwerty' };
    expect(line('x', extra)).toBe(
      '[tui] x {"apiKey":"[redacted]","deep":[{"password":"[redacted]","accessToken":"[redacted]","key":"[redacted]"}],"keyboard":"qwerty"}',
    );
  });

  it('cannot look like several lines, or colour a terminal', () => {
    expect(line('a\nERROR b\r\u001b[31m\u2028')).toBe('[tui] a\\u000aERROR b\\u000d\\u001b[31m\\u2028');
  });

  it('is cut', () => {
    expect(line('x'.repeat(100_000))).toHaveLength(4001);
  });
});
