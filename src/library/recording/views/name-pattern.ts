/**
 * Names with wildcards: `*` stands for any characters, none too, and `?` for one (Metrics SDK, "Instrument selection criteria").
 */

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

/**
 * Whether a name fits, in any case: the names of instruments are case-insensitive (Metrics API, "Instrument name syntax"). Not by
 * a regular expression, whose time may be exponential: where a character does not fit, only the latest `*` takes one more, so the
 * time is at most that of pattern times name.
 */
export function fitsPattern(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = name.toLowerCase();
  let at = 0;
  let inPattern = 0;
  /** Behind the latest `*`, and the first character that it has not taken. */
  let behindStar = -1;
  let notTaken = 0;
  while (at < given.length) {
    const next = wanted[inPattern];
    if (next === '*') {
      inPattern += 1;
      behindStar = inPattern;
      notTaken = at;
    } else if (next !== undefined && (next === '?' || next === given[at])) {
      inPattern += 1;
      at += 1;
    } else if (behindStar >= 0) {
      notTaken += 1;
      at = notTaken;
      inPattern = behindStar;
    } else return false;
  }
  while (wanted[inPattern] === '*') inPattern += 1;
  return inPattern === wanted.length;
}
