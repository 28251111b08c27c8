/**
 * A header's value by its lower-case name, out of names and values in turn. Of a header that is repeated, the first line counts,
 * as in the Collector.
 */
export function rawHeader(raw: readonly string[], lowerCase: string): string | undefined {
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    if (name.length === lowerCase.length && (name === lowerCase || name.toLowerCase() === lowerCase)) return raw[at + 1];
  }
  return undefined;
}
