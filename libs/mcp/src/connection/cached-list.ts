/** A list of a server. Kept until the server says that it changed, where it promises to say so; else asked for each time. */
export class CachedList<T> {
  private kept?: Promise<readonly T[]>;

  /**
   * @param load asks the server
   * @param isAnnounced whether the server tells about changes
   */
  constructor(
    private readonly load: () => Promise<readonly T[]>,
    private readonly isAnnounced: boolean,
  ) {}

  get(): Promise<readonly T[]> {
    if (this.kept) return this.kept;
    const asked = this.load();
    this.kept = asked;
    const forget = () => {
      if (this.kept === asked) this.kept = undefined;
    };
    // those who ask at the same time share the answer
    asked.then(this.isAnnounced ? () => undefined : forget, forget);
    return asked;
  }

  /** The next one who asks gets a new list. */
  forget(): void {
    this.kept = undefined;
  }
}
