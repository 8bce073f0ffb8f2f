import { filter, firstValueFrom, fromEvent, NEVER, Subject, switchMap, takeUntil, timer } from 'rxjs';

/** Knows when a server has said all that it has to say about a file: when it has spoken and then is silent. */
export class Silence {
  private readonly words = new Subject<{ path: string; milliseconds: number }>();

  /** The server spoke of a file as it is now: without a further word that is all after so many milliseconds. */
  spoken(path: string, milliseconds: number): void {
    this.words.next({ path, milliseconds });
  }

  /** More is to come, however long that takes. */
  expect(path: string): void {
    this.words.next({ path, milliseconds: Infinity });
  }

  /** Resolves when all has been said, when the server ends, or when aborted. */
  async of(path: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const over$ = this.words.pipe(
      filter((word) => word.path === path),
      switchMap(({ milliseconds }) => (milliseconds === Infinity ? NEVER : timer(milliseconds))),
      takeUntil(fromEvent(signal, 'abort')),
    );
    await firstValueFrom(over$, { defaultValue: 0 });
  }

  /** The server has ended. */
  complete(): void {
    this.words.complete();
  }
}
