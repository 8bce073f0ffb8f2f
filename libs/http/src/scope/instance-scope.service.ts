import { Inject, Injectable, Optional } from '@nestjs/common';
import { isUtf8 } from 'node:buffer';
import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { BadRequestError, ForbiddenError, type Issue } from '#libs/contract';
import { Environment } from '#libs/extension';
import { type InstanceLease, InstanceStore, isDirectory, within } from '#libs/instance';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.js';
import { InjectedApi } from '../inside/injected-api.adapter.js';
import type { ScopedRequest } from './scoped-request.js';

const DIRECTORY_HEADER = 'x-opencode-directory';

/** Finds the instance a request works in. Also for connections that no guard sees, such as WebSocket upgrades. */
@Injectable()
export class InstanceScopeService {
  constructor(
    private readonly instances: InstanceStore,
    private readonly environment: Environment,
    private readonly api: InjectedApi,
    @Optional() @Inject(HTTP_OPTIONS) private readonly options?: HttpOptions,
  ) {}

  /**
   * @param known directory of what the request is about; wins over the one it names, unless it is gone.
   * @param watches the request only looks on, and does not wait until the instance is set up.
   * Rejects with a WireError (4xx) when the directory cannot be used.
   */
  async acquire(request: ScopedRequest, known?: string, watches = false): Promise<InstanceLease> {
    const { query } = request;
    if (Array.isArray(query?.['directory'])) throw new BadRequestError(query, [REPEATED]);
    const own = this.api.isOwn(request.headers);
    // what sets an instance up may ask for it meanwhile
    const lease = await this.find(request, known, watches || own);
    // a plugin that looks on does not keep its project from being let go: it ends with it
    if (own && watches) lease.release();
    return lease;
  }

  private async find(request: ScopedRequest, known: string | undefined, unready: boolean): Promise<InstanceLease> {
    if (known === undefined) return this.open(this.directoryOf(request), unready);
    try {
      return await this.open(known, unready);
    } catch (error) {
      if (await isDirectory(known)) throw error;
      return this.open(this.directoryOf(request), unready);
    }
  }

  private async open(directory: string, unready: boolean): Promise<InstanceLease> {
    await this.requireAllowed(directory);
    return this.instances.acquire(directory, { unready });
  }

  /** Query, header, the server's own: the first that is not empty; normalised. */
  private directoryOf({ query, headers }: ScopedRequest): string {
    const asked = [query?.['directory'], utf8(headers[DIRECTORY_HEADER])].find(isText);
    if (asked === undefined) return this.environment.directory;
    const directory = decoded(asked);
    const problem = problemOf(directory);
    if (problem) throw new BadRequestError(query ?? {}, [{ code: 'custom', path: ['directory'], message: problem }]);
    return resolve(directory);
  }

  /** Rejects with 403 when a path, links followed, is below none of the allowed roots. */
  async requireAllowed(directory: string): Promise<void> {
    const roots = this.options?.allowedRoots;
    if (!roots) return;
    const real = await followed(directory);
    for (const root of roots) if (within(await followed(root), real)) return;
    throw new ForbiddenError(`${directory} is outside the directories this server may work in`);
  }
}

const REPEATED: Issue = {
  code: 'invalid_type',
  expected: 'string',
  path: ['directory'],
  message: 'Invalid input: expected string, received array',
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The text of a header sent as plain UTF-8, of which Node makes a character per byte; anything else as it is. */
function utf8<T>(header: T): T | string {
  if (typeof header !== 'string') return header;
  const bytes = Buffer.from(header, 'latin1');
  return bytes.toString('latin1') === header && isUtf8(bytes) ? bytes.toString('utf8') : header;
}

/** Some clients encode twice; a bad escape means that the text was not encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function problemOf(directory: string): string | undefined {
  if (directory.includes('\0')) return 'A directory cannot contain a NUL byte';
  if (!isAbsolute(directory)) return `"${directory}" is relative: name the directory by its absolute path`;
  return undefined;
}

/** Where a path leads; a path that does not exist leads to itself, and is refused when it is opened. */
async function followed(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return resolve(path);
  }
}
