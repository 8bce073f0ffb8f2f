import { StringField } from '#libs/contract';

/** Path parameters of a terminal. */
export class PtyParams {
  @StringField({ description: 'Terminal ID' })
  ptyID: string;
}
