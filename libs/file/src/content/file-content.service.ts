import { Injectable } from '@nestjs/common';
import { basename } from 'node:path';
import { type FileContent, InvalidRequestError, WireError } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { ifThere, openFile, projectPath } from '../place/project-path.js';
import { FileChangesService } from './file-changes.service.js';
import { fileKind } from './file-kind.js';

/** Bytes of the largest file that is handed out. */
const MAX_SIZE = 32 * 1024 * 1024;

/** A file is larger than what is handed out in one answer. */
class FileTooLargeError extends WireError {
  constructor(path: string, size: number) {
    const message = `${path} is too large to be shown: ${size} bytes, at most ${MAX_SIZE}`;
    super('FileTooLargeError', 413, { message, size, limit: MAX_SIZE });
  }
}

/** Contents of files, for people to look at. @publicApi */
@Injectable()
export class FileContentService {
  constructor(private readonly changes: FileChangesService) {}

  /**
   * Text is UTF-8, without white space at its ends and, in git projects, with its difference to the last commit;
   * images are base64; other binary files, told by their extension, have no content. What is missing or a directory is
   * empty text.
   * @param path relative to the directory; 403 when it leads out of the project
   */
  async read(instance: Instance, path: string): Promise<FileContent> {
    const absolute = await projectPath(instance, path);
    const kind = fileKind(basename(absolute));
    // those of the first list are not even looked for
    if (kind.form === 'empty' && kind.mimeType === undefined) return { type: 'binary', content: '' };
    const bytes = await ifThere(path, () => regularFile(absolute, path));
    if (!bytes) return { type: 'text', content: '' };
    if (kind.form === 'base64')
      return { type: 'text', content: bytes.toString('base64'), mimeType: kind.mimeType, encoding: 'base64' };
    if (kind.form === 'empty') return { type: 'binary', content: '', mimeType: kind.mimeType };
    const content = new TextDecoder().decode(bytes).trim();
    return { type: 'text', content, ...(await this.changes.of(instance, absolute, content)) };
  }
}

/** Undefined for a directory. */
async function regularFile(absolute: string, path: string): Promise<Buffer | undefined> {
  const { file, stats } = await openFile(absolute);
  try {
    if (stats.isDirectory()) return undefined;
    if (!stats.isFile()) throw new InvalidRequestError(`Not a regular file: ${path} is a pipe, socket or device`);
    if (stats.size > MAX_SIZE) throw new FileTooLargeError(path, stats.size);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
