/** @publicApi */
export interface PtyOptions {
  /** Terminals one directory may have at a time; 0 = none at all. Default 64. */
  limit?: number;
}

/** Injection token of {@link PtyOptions}. */
export const PTY_OPTIONS = Symbol('PtyOptions');
