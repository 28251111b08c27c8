const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** Continues where the last match ended, with one way to match: digits are never tried in two places. */
const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** A duration in Go's format (`1m30s`, `0.5s`), in milliseconds; `0` needs no unit. Undefined for anything else, also a negative one. */
export function durationMs(text: string): number | undefined {
  if (text === '0') return 0;
  let sum = 0;
  part.lastIndex = 0;
  do {
    const [, number, unit = ''] = part.exec(text) ?? [];
    if (number === undefined) return undefined;
    sum += Number(number) * (unitMs[unit] ?? Number.NaN);
  } while (part.lastIndex < text.length);
  return Number.isFinite(sum) ? sum : undefined;
}
