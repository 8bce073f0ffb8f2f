import type { ProcessResult } from '#libs/extension';

/** What a command of `$` printed. */
export class ShellOutput {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;

  constructor({ stdout, stderr, exitCode }: Pick<ProcessResult, 'stdout' | 'stderr' | 'exitCode'>) {
    this.stdout = Buffer.from(stdout);
    this.stderr = Buffer.from(stderr);
    this.exitCode = exitCode ?? 1;
  }

  text(encoding?: BufferEncoding): string {
    return this.stdout.toString(encoding);
  }

  json(): unknown {
    return JSON.parse(this.text());
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.arrayBuffer());
  }

  arrayBuffer(): ArrayBuffer {
    return new Uint8Array(this.stdout).buffer;
  }

  blob(): Blob {
    return new Blob([this.arrayBuffer()]);
  }
}

/** A command of `$` ended with another code than 0, or was ended. */
export class ShellError extends Error {
  override readonly name = 'ShellError';
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;

  constructor(
    private readonly output: ShellOutput,
    why: string,
  ) {
    super(why);
    ({ stdout: this.stdout, stderr: this.stderr, exitCode: this.exitCode } = output);
  }

  text = (encoding?: BufferEncoding): string => this.output.text(encoding);
  json = (): unknown => this.output.json();
  bytes = (): Uint8Array => this.output.bytes();
  arrayBuffer = (): ArrayBuffer => this.output.arrayBuffer();
  blob = (): Blob => this.output.blob();
}
