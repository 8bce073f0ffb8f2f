import type { MessageWithParts } from '#libs/contract';
import { withModeReminder } from './mode-reminder.js';

const user = (id: string) =>
  ({ info: { id, role: 'user', sessionID: 's' }, parts: [{ type: 'text', text: id }] }) as unknown as MessageWithParts;
const answer = (agent: string) => ({ info: { role: 'assistant', agent }, parts: [] }) as unknown as MessageWithParts;
const texts = (history: readonly MessageWithParts[]) =>
  history.map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join(' '));

describe('withModeReminder', () => {
  it('keeps the plan agent from changing anything, in its newest prompt only', () => {
    const told = texts(withModeReminder('plan', [user('a'), answer('plan'), user('b'), answer('plan')]));
    expect(told).toEqual(['a', '', expect.stringMatching(/^b <system-reminder>\nPlan mode is on/), '']);
  });

  it('tells the build agent that the time of plans is over', () => {
    const history = [user('a'), answer('plan'), user('b'), answer('build'), user('c')];
    expect(texts(withModeReminder('build', history)).at(-1)).toMatch(/^c <system-reminder>\nPlan mode is over/);
  });

  it.each([
    ['build', [user('a'), answer('build'), user('b')]],
    ['explore', [user('a'), answer('plan'), user('b')]],
    ['plan', []],
  ])('has nothing to tell the %s agent otherwise', (agent, history) => {
    expect(withModeReminder(agent, history)).toBe(history);
  });

  it('leaves the stored conversation as it is', () => {
    const history = [user('a')];
    withModeReminder('plan', history);
    expect(history).toEqual([user('a')]);
  });
});
