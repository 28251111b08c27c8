/** Each part with its number, from 0. */
export function* numbered(parts: Iterable<number>): Generator<readonly [number: number, part: number]> {
  let number = 0;
  for (const part of parts) yield [number++, part];
}
