/** Numbers and nouns for people. */

/** The most characters of a number in the live table: five such columns and a name fit 100 columns. */
const longest = 15;

/** `1 scrape`, `2 scrapes`, `1 series`, `2 series`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** A value in at most 15 characters, exact where that is enough; `–` for one that is unknown. */
export function shownValue(value: number | undefined): string {
  if (value === undefined) return '–';
  const exact = String(value);
  // Sign, point and exponent take 7.
  return exact.length <= longest ? exact : value.toPrecision(longest - 7);
}

/** `0.4`, `12`; `–` for one that is unknown. */
export function shownRate(perSecond: number | undefined): string {
  if (perSecond === undefined) return '–';
  return perSecond === 0 || Math.abs(perSecond) >= 9.95 ? shownValue(Math.round(perSecond)) : perSecond.toFixed(1);
}

/** `6.8 s`. */
export function shownSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** `2 ms`, `0.4 ms`. */
export function shownMs(ms: number): string {
  return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
