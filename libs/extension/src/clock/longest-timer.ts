/** The longest delay a timer of Node takes, in milliseconds: with a longer one it fires at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;
