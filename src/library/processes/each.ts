/** Runs `run` for each item, in order, for at most `most` of them at a time. Rejects as the first that rejects. */
export async function each<T, R>(items: readonly T[], most: number, run: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  const entries = items.entries();
  async function lane(): Promise<void> {
    for (const [at, item] of entries) results[at] = await run(item);
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return results;
}
