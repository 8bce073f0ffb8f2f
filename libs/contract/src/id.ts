import { randomFillSync } from 'node:crypto';

const PREFIX = {
  session: 'ses',
  message: 'msg',
  part: 'prt',
  permission: 'per',
  question: 'que',
  tool: 'tool',
  pty: 'pty',
} as const;

/** What an id can stand for. */
export type IdKind = keyof typeof PREFIX;

/** Newer sessions sort first. */
const DESCENDING: ReadonlySet<IdKind> = new Set<IdKind>(['session']);

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 14;
const TICKS = 4096;
const TICKS_PER_MS = BigInt(TICKS);
const MASK = (1n << 48n) - 1n;
const FORM = /^[a-z]+_([0-9a-f]{12})[0-9A-Za-z]{14}$/;
/** Characters of the step from an id to the one right behind it: what is left of the random ones is room for more. */
const STEP_LENGTH = 8;
/** The same for one that leaves room between them. */
const LEAP_LENGTH = 11;
const BASE = BigInt(ALPHABET.length);
const TAIL = new RegExp(`[0-9A-Za-z]{${RANDOM_LENGTH}}$`);

/** The tick given last: `count` ticks into the millisecond `time`. */
const last = { time: 0, count: 0 };

/** Ticks only go up inside a process, also when the clock is set back or more than 4095 ids fall into one millisecond. */
function nextTick(): bigint {
  const now = Date.now();
  last.count = now > last.time ? 1 : last.count + 1;
  last.time = Math.max(now, last.time) + Math.floor(last.count / TICKS);
  last.count %= TICKS;
  return BigInt(last.time) * TICKS_PER_MS + BigInt(last.count);
}

function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomFillSync(new Uint8Array(length * 2))) {
      // 248 is the last multiple of 62: bytes above it would favour the first letters
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}

/**
 * A new id: prefix, 12 hex digits of time and counter, 14 random characters. Ids sort by creation as plain strings;
 * those of sessions the other way round, newest first.
 *
 * @example createId('message') // "msg_20350516d001sITNf7RZfbxkaL"
 * @publicApi
 */
export function createId(kind: IdKind): string {
  const tick = nextTick() & MASK;
  const ordered = DESCENDING.has(kind) ? ~tick & MASK : tick;
  return `${PREFIX[kind]}_${ordered.toString(16).padStart(12, '0')}${randomText(RANDOM_LENGTH)}`;
}

/**
 * A new id right behind another one, which may look like anything: it sorts after that, and before every id that
 * `createId` makes later. What belongs to a thing can so be written late and stand in its place all the same; the time
 * in it is that of the other id.
 */
export function idBehind(id: string): string {
  return moved(id, numberOf(randomText(STEP_LENGTH)) + 1n);
}

/**
 * A new id that sorts after another one, and after those right behind it. It is the present time where that is later:
 * clocks of clients may be ahead, and ids that they choose may look like anything.
 */
export function createIdAfter(kind: IdKind, id: string): string {
  const fresh = createId(kind);
  return fresh > id ? fresh : moved(id, numberOf(`1${randomText(LEAP_LENGTH)}`));
}

function moved(id: string, step: bigint): string {
  const tail = TAIL.exec(id)?.[0] ?? '';
  const next = textOf(numberOf(tail) + step);
  return tail === '' || next.length > RANDOM_LENGTH ? id + textOf(step) : id.slice(0, -RANDOM_LENGTH) + next;
}

/** The number that a text over the alphabet stands for; such texts of the same length sort like their numbers. */
function numberOf(text: string): bigint {
  let number = 0n;
  for (const character of text) number = number * BASE + BigInt(ALPHABET.indexOf(character));
  return number;
}

function textOf(number: bigint): string {
  let text = '';
  for (let left = number; left > 0n; left /= BASE) text = ALPHABET.charAt(Number(left % BASE)) + text;
  return text.padStart(RANDOM_LENGTH, '0');
}

/** Whether a text can be an id of this kind. Clients may choose their own ids: only the prefix counts. */
export const isId = (kind: IdKind, text: string): boolean => text.startsWith(PREFIX[kind]);

/**
 * When an id was made, in ms since 1970; undefined for ids that were not made by `createId`. Ids only hold the time
 * modulo 2^36 ms (795 days): the answer is the moment nearest to now.
 */
export function idTime(id: string): number | undefined {
  const digits = FORM.exec(id)?.[1];
  if (digits === undefined) return undefined;
  const stored = BigInt(`0x${digits}`);
  const tick = id.startsWith(`${PREFIX.session}_`) ? ~stored & MASK : stored;
  const window = 2 ** 36;
  const offset = Number(tick / TICKS_PER_MS);
  const now = Date.now();
  return offset + Math.round((now - offset) / window) * window;
}
