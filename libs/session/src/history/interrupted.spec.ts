import type { MessageWithParts } from '#libs/contract';
import { endInterrupted } from './interrupted.js';

const message = (info: object, parts: object[]) =>
  ({ info: { role: 'assistant', time: { created: 1 }, ...info }, parts }) as MessageWithParts;

describe('endInterrupted', () => {
  it('leaves what is whole alone', () => {
    const whole = message({ time: { created: 1, completed: 2 } }, [
      { type: 'text', text: 'a', time: { start: 1, end: 2 } },
      { type: 'tool', state: { status: 'completed' } },
      { type: 'step-start' },
    ]);
    const ended = endInterrupted(whole, 9);
    expect(ended.info).toBe(whole.info);
    ended.parts.forEach((part, index) => expect(part).toBe(whole.parts[index]));
    const user = { info: { role: 'user', time: { created: 1 } }, parts: [] } as unknown as MessageWithParts;
    expect(endInterrupted(user, 9).info).toBe(user.info);
  });

  it('ends messages, texts and calls', () => {
    const { info, parts } = endInterrupted(
      message({}, [
        { type: 'reasoning', text: 'a', time: { start: 3 } },
        { type: 'tool', state: { status: 'pending', input: {}, raw: '' } },
        { type: 'tool', state: { status: 'running', input: { a: 1 }, time: { start: 4 }, metadata: { b: 2 } } },
      ]),
      9,
    );
    expect(info).toMatchObject({ error: { name: 'MessageAbortedError' }, time: { created: 1, completed: 9 } });
    const error = 'Tool execution aborted';
    expect(parts).toMatchObject([
      { time: { start: 3, end: 9 } },
      { state: { status: 'error', input: {}, error, time: { start: 9, end: 9 } } },
      { state: { status: 'error', input: { a: 1 }, error, time: { start: 4, end: 9 }, metadata: { b: 2 } } },
    ]);
  });

  it('keeps the error a message has', () => {
    const error = { name: 'UnknownError', data: { message: 'x' } };
    expect(endInterrupted(message({ error }, []), 9).info).toMatchObject({ error, time: { completed: 9 } });
  });
});
