import { allComponents } from '#libs/contract';
import { reference } from './reference.js';
import { sorted } from './sorted.js';

const theirs = reference.components.schemas;
const ours = allComponents();

/** Where we differ on purpose. */
const ADDED = [
  'Event.server.heartbeat', // sent by the reference too, but not published; no operation refers to it
];

describe('component schemas against the reference', () => {
  it('has the same names, no more and no less', () => {
    expect(Object.keys(ours).sort()).toEqual([...Object.keys(theirs), ...ADDED].sort());
  });

  it.each(Object.keys(theirs))('%s', (name) => {
    expect(sorted(ours[name])).toEqual(sorted(theirs[name]));
  });
});
