/** The honest senders' series on a page. */

/** A gauge's and a counter's; the value of each is the number of the request that had it last. */
export const seriesOfSender = 10;

const line = /^honest_(?:level|requests_total)\{.*instance="([^"]+)".*\} (\d+)/;

/** By sender, what all its series have reached. It is not there where one of them is missing. */
export function shownOn(page: Buffer): ReadonlyMap<string, number> {
  const found = new Map<string, number[]>();
  // The page may have 64 MB of others.
  for (let from = page.indexOf('honest_'); from >= 0; from = page.indexOf('honest_', from)) {
    const end = page.indexOf('\n', from);
    const [, sender, value] = line.exec(page.toString('latin1', from, end < 0 ? page.length : end)) ?? [];
    if (sender !== undefined) found.set(sender, [...(found.get(sender) ?? []), Number(value)]);
    from = end < 0 ? page.length : end;
  }
  const whole = [...found].filter(([, values]) => values.length === seriesOfSender);
  return new Map(whole.map(([sender, values]) => [sender, Math.min(...values)]));
}

/** What was acknowledged, and is not shown. */
export function missingFrom(shown: ReadonlyMap<string, number>, acknowledged: ReadonlyMap<string, number>): string[] {
  const missing = [...acknowledged].filter(([sender, value]) => value > (shown.get(sender) ?? 0));
  return missing.map(([sender, value]) => `sender ${sender}: ${value} was answered 200, ${shown.get(sender)} is shown`);
}
