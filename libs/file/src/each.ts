/** Files or directories that are looked at, at the same time. */
const AT_ONCE = 16;

/** Does a work for each item, some of them at the same time. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}
