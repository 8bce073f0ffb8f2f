import { Injectable, Logger } from '@nestjs/common';
import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorText } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Environment } from '#libs/extension';
import { type Instance, InstanceState, InstanceStore } from '#libs/instance';
import { Vcs } from './vcs.service.js';

interface Watch {
  watcher?: FSWatcher;
  /** Branch that clients know of. */
  branch?: string;
  /** What happened to HEAD is looked at one after the other. */
  turn: Promise<void>;
  closed: boolean;
}

/**
 * Tells `vcs.branch.updated` when another branch is checked out, by watching the git directory of each instance: one
 * watch, from the boot of the instance to its end.
 */
@Injectable()
export class BranchWatcher {
  private readonly log = new Logger(BranchWatcher.name);
  private readonly watches = new InstanceState(
    (instance) => this.start(instance),
    (watching) => {
      watching.closed = true;
      watching.watcher?.close();
    },
  );

  constructor(
    environment: Environment,
    instances: InstanceStore,
    private readonly vcs: Vcs,
    private readonly events: EventBus,
  ) {
    if (environment.flag('OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER')) return;
    instances.booted$.subscribe((instance) => {
      if (instance.project.vcs === 'git') this.watches.get(instance);
    });
  }

  private start(instance: Instance): Watch {
    const watching: Watch = { turn: Promise.resolve(), closed: false };
    watching.turn = this.open(instance, watching).catch((error: unknown) =>
      this.log.warn(`Branch changes of ${instance.worktree} are not told: ${errorText(error)}`),
    );
    return watching;
  }

  private async open(instance: Instance, watching: Watch): Promise<void> {
    const directory = await gitDirectory(instance.worktree);
    if (watching.closed) return;
    watching.watcher = watch(directory, { persistent: false }, (_event, name) => {
      if (name !== null && name !== 'HEAD') return;
      watching.turn = watching.turn.then(() => this.look(instance, watching, directory)).catch(() => undefined);
    });
    watching.watcher.on('error', () => watching.watcher?.close());
    watching.branch = await headBranch(directory);
  }

  private async look(instance: Instance, watching: Watch, directory: string): Promise<void> {
    const branch = await headBranch(directory);
    if (watching.closed || branch === watching.branch) return;
    watching.branch = branch;
    this.events.publish(instance, 'file.watcher.updated', { file: join(directory, 'HEAD'), event: 'change' });
    // git says it as it does for GET /vcs
    this.events.publish(instance, 'vcs.branch.updated', { branch: await this.vcs.branch(instance) });
  }
}

/** The git directory of a checkout: `.git`, or where a linked checkout says that it is. */
async function gitDirectory(worktree: string): Promise<string> {
  const path = join(worktree, '.git');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EISDIR') return '';
    throw error;
  });
  const linked = /^gitdir: (.+?)\s*$/.exec(text)?.[1];
  return linked === undefined ? path : resolve(worktree, linked);
}

/** The branch by the text of HEAD; undefined when there is no HEAD any more. */
async function headBranch(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, 'HEAD'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (/^ref: refs\/heads\/(.+?)\s*$/.exec(text)?.[1] ?? 'HEAD');
}
