import { Injectable } from '@nestjs/common';
import { BadRequestError, type TextMatch } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { RipgrepRunner, WITHOUT_GIT } from '../ripgrep/ripgrep.runner.js';
import { textMatch } from './text-match.js';

/** Milliseconds. */
const TIMEOUT = 30_000;
/** Matching lines of one file. */
const MAX_PER_FILE = 10;
/** Characters of one matching line in ripgrep's wrapping; longer ones are left out. */
const MAX_RECORD = 1024 * 1024;
/** Characters of all of them: past it the search is over. */
const MAX_TOTAL = 16 * 1024 * 1024;

/** Searches the contents of files. @publicApi */
@Injectable()
export class TextSearchService {
  constructor(private readonly ripgrep: RipgrepRunner) {}

  /**
   * Lines in which a regular expression (Rust syntax, case-sensitive) matches, ten per file at most, in no particular
   * order. Hidden files are searched, ignored ones, binary ones and `.git` are not. An empty pattern finds nothing; one
   * that is no regular expression is refused with 400. Ends with the signal and with the instance.
   */
  async find(instance: Instance, pattern: string, signal: AbortSignal): Promise<TextMatch[]> {
    if (pattern === '') return [];
    if (pattern.includes('\0')) throw badPattern(pattern, 'A pattern cannot contain a NUL byte');
    const matches: TextMatch[] = [];
    let size = 0;
    const { exitCode, stderr } = await this.ripgrep.search(
      {
        // one argument: neither a shell nor ripgrep looks for anything else in it
        args: [
          ...['--json', '--hidden', '--no-messages', `--max-count=${MAX_PER_FILE}`, WITHOUT_GIT],
          ...[`--regexp=${pattern}`, '--', './'],
        ],
        directory: instance.directory,
        separator: '\n',
        timeout: TIMEOUT,
        maxRecord: MAX_RECORD,
        onRecord: (record) => {
          const match = textMatch(record);
          if (match) matches.push(match);
          size += match ? record.length : 0;
          return size < MAX_TOTAL;
        },
      },
      AbortSignal.any([signal, instance.signal]),
    );
    // files that cannot be read are not reported there, so this is about the pattern
    if (exitCode === 2 && matches.length === 0 && stderr.trim() !== '') throw badPattern(pattern, stderr.trim());
    return matches;
  }
}

function badPattern(pattern: string, problem: string): BadRequestError {
  return new BadRequestError({ pattern }, [{ code: 'custom', path: ['pattern'], message: problem }]);
}
