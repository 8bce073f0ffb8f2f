/** Version of the reference whose command line and API this is. Kept apart from the libraries, so that it prints at once. */
export const VERSION = '1.2.6';
