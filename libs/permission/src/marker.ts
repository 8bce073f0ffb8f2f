/** A symbol of the registry marks an error, so that it is known across copies of this package. */
export const carries = (error: unknown, marker: symbol): boolean =>
  typeof error === 'object' && error !== null && marker in error;
