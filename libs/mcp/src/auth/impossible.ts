import { BadRequestError } from '#libs/contract';

/** The error of a login that cannot be made, in the documented form. */
export const impossible = (message: string) => new BadRequestError(null, [{ code: 'custom', path: ['name'], message }]);
