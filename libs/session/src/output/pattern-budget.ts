import { createContext, Script } from 'node:vm';

/** Milliseconds that all patterns of a schema may take for one value. */
const LIMIT = 250;

/**
 * Regular expressions of a client's schema, with a limit: some take for ever on some texts, and would hold up the
 * whole server meanwhile. A text that could not be decided in time does not match.
 */
export class PatternBudget {
  private left = LIMIT;

  /** For another value. */
  renew(): void {
    this.left = LIMIT;
  }

  /** Takes the place of `new RegExp()` in ajv. */
  readonly regExp = Object.assign(
    (pattern: string, flags: string) => {
      const expression = new RegExp(pattern, flags);
      const context = createContext({ expression, text: '' });
      // ajv tells expressions apart by their text
      return { test: (text: string) => this.run(context, text), toString: () => String(expression) };
    },
    { code: 'new RegExp' },
  );

  private run(context: ReturnType<typeof createContext>, text: string): boolean {
    if (this.left < 1) return false;
    context['text'] = text;
    const began = performance.now();
    try {
      return Boolean(TEST.runInContext(context, { timeout: Math.ceil(this.left) }));
    } catch {
      return false;
    } finally {
      this.left -= performance.now() - began;
    }
  }
}

const TEST = new Script('expression.test(text)');
