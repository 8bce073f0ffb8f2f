import { Inject, Injectable, type Provider, type Type } from '@nestjs/common';
import { InvalidRequestError } from '#libs/contract';
import { type AttachedFile, type Attachment, FilePartKind } from './file-part-kind.js';

const KINDS = Symbol('FILE_PART_KINDS');

/** Turns the files that a client sends with a prompt into what is stored of them. */
@Injectable()
export class FileParts {
  constructor(@Inject(KINDS) private readonly kinds: readonly FilePartKind[]) {}

  /** Rejects with an InvalidRequestError before anything is stored. */
  async resolve(place: Omit<Attachment, 'url'>): Promise<AttachedFile> {
    const url = URL.parse(place.input.url);
    if (!url) throw new InvalidRequestError(`Not a URL: ${place.input.url}; send file:, data: or http: URLs`);
    const attachment = { ...place, url };
    for (const kind of this.kinds) if (await kind.takes(attachment)) return kind.resolve(attachment);
    throw new InvalidRequestError(`No way to attach ${url.href}; send file:, data: or http: URLs`);
  }
}

/** The providers of some kinds, to be asked in this order. */
export function filePartKinds(...kinds: Type<FilePartKind>[]): Provider[] {
  return [...kinds, { provide: KINDS, inject: kinds, useFactory: (...found: FilePartKind[]) => found }];
}
