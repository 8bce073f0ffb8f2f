import { Injectable, Logger } from '@nestjs/common';
import { errorText } from '#libs/contract';
import { Environment } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { type FileChange, NameIndex, type NameIndexOptions } from './name-index.js';
import { NameScanner } from './name-scanner.service.js';
import { PathSet } from './path-set.js';

/** Milliseconds after the last question when an index is given up; the next question makes a new one. */
const IDLE = 10 * 60_000;
/** Milliseconds after the first of several changes at once when they are looked at. */
const TOGETHER = 50;

interface Cell {
  index?: NameIndex;
  idle?: NodeJS.Timeout;
  /** Changes are told: the index is never given up. */
  kept: boolean;
  look?: NodeJS.Timeout;
}

/** One index of names per instance, and one watcher with it, whoever needs it. */
@Injectable()
export class NameIndexService {
  private readonly log = new Logger(NameIndexService.name);
  private readonly cells = new InstanceState(
    (): Cell => ({ kept: false }),
    (cell) => release(cell),
  );

  private readonly watch: boolean;

  constructor(
    private readonly scanner: NameScanner,
    environment: Environment,
  ) {
    this.watch = !environment.flag('OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER');
  }

  /** Files and directories as they are now. */
  async current(instance: Instance): Promise<{ files: PathSet; directories: PathSet }> {
    const kind = this.scanner.kindOf(instance);
    if (kind === 'files') return this.index(instance).current();
    const directories = new PathSet();
    if (kind === 'home') for (const path of await this.scanner.homeDirectories(instance)) directories.add(path);
    return { files: new PathSet(), directories };
  }

  /** Tells every change from now to the end of the instance; nothing for a home directory and for `/`. */
  keep(instance: Instance, onChanges: (changes: FileChange[]) => void): void {
    if (this.scanner.kindOf(instance) !== 'files') return;
    const cell = this.cells.get(instance);
    release(cell);
    cell.kept = true;
    const look = () => {
      cell.look = undefined;
      cell.index?.current().catch((error: unknown) => this.log.warn(`${instance.directory}: ${errorText(error)}`));
    };
    const onStale = () => (cell.look ??= setTimeout(look, TOGETHER).unref());
    cell.index = this.make(instance, { onChanges, onStale });
    onStale();
  }

  private index(instance: Instance): NameIndex {
    const cell = this.cells.get(instance);
    clearTimeout(cell.idle);
    if (!cell.kept) cell.idle = setTimeout(() => release(cell), IDLE).unref();
    return (cell.index ??= this.make(instance));
  }

  private make(instance: Instance, told: Pick<NameIndexOptions, 'onChanges' | 'onStale'> = {}): NameIndex {
    const { directory } = instance;
    const onUnwatched = (error: Error) =>
      this.log.warn(`${directory} cannot be watched, its files are listed for each search: ${errorText(error)}`);
    return new NameIndex(instance, this.scanner, { ...told, watch: this.watch, onUnwatched });
  }
}

function release(cell: Cell): void {
  clearTimeout(cell.idle);
  clearTimeout(cell.look);
  cell.index?.close();
  delete cell.index;
}
