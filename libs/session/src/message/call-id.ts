import { randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

/** A ULID, for calls that no model made. @param now milliseconds since the epoch */
export function createCallID(now: number): string {
  let time = '';
  for (let rest = now; time.length < TIME_LENGTH; rest = Math.floor(rest / 32)) time = digit(rest % 32) + time;
  return time + Array.from({ length: RANDOM_LENGTH }, () => digit(randomInt(32))).join('');
}

const digit = (value: number) => ALPHABET.charAt(value);
