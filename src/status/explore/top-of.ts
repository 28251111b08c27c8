/** The first ones of many, without sorting all: most are compared once. */
export function topOf<T>(all: Iterable<T>, count: number, compare: (one: T, other: T) => number): readonly T[] {
  const top: T[] = [];
  for (const one of all) {
    if (top.length === count && compare(one, top[count - 1] as T) >= 0) continue;
    let at = top.length;
    while (at > 0 && compare(one, top[at - 1] as T) < 0) at--;
    top.splice(at, 0, one);
    top.length = Math.min(top.length, count);
  }
  return top;
}
