import type { StepTools } from '#libs/agent';

/** What is needed of the snapshots of one instance. */
export interface FileRecorder {
  track(): Promise<string | undefined>;
  /** Absolute paths. */
  changedFiles(from: string, to: string): Promise<string[]>;
}

/** What a step did to the files. */
export interface StepFiles {
  /** The files after the step. */
  snapshot?: string;
  /** Present when files changed. */
  patch?: { hash: string; files: string[] };
}

/** The files around the steps of one turn. */
export class TurnSnapshots {
  /** The files before the first step, and after the last; undefined while unknown or not recorded. */
  first: string | undefined;
  last: string | undefined;

  constructor(private readonly recorder: FileRecorder) {}

  /** Starts to record the files while the model thinks. A step that follows another takes over its end. */
  begin(): StepSnapshot {
    const before = this.last === undefined ? this.recorder.track() : Promise.resolve(this.last);
    return new StepSnapshot(before, this.recorder, (from, to) => {
      this.first ??= from;
      this.last = to;
    });
  }
}

/** The files around one step. */
export class StepSnapshot {
  private called = false;

  constructor(
    /** The files before the step. Never rejects. */
    readonly before: Promise<string | undefined>,
    private readonly recorder: FileRecorder,
    private readonly onEnd: (from: string, to: string) => void,
  ) {}

  /** The same tools, which wait until the files are recorded: none can change a file unseen. */
  gate(tools: StepTools): StepTools {
    return {
      ...tools,
      execute: async (call, signal) => {
        await this.before;
        signal.throwIfAborted();
        this.called = true;
        return tools.execute(call, signal);
      },
    };
  }

  /** To be called when no tool runs any more. A step that called none has changed nothing. */
  async end(): Promise<StepFiles> {
    const before = await this.before;
    if (before === undefined) return {};
    const after = this.called ? ((await this.recorder.track()) ?? before) : before;
    this.onEnd(before, after);
    if (after === before) return { snapshot: after };
    const files = await this.recorder.changedFiles(before, after);
    return { snapshot: after, ...(files.length > 0 && { patch: { hash: before, files } }) };
  }
}
