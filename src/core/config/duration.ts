const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
/** A sticky pattern with a single way to match, so that matching takes linear time. */
const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/**
 * A duration in Go's format (`1m30s`, `0.5s`), in milliseconds; `0` needs no unit. Undefined for anything else, also a negative
 * one.
 */
export function durationMs(text: string): number | undefined {
  const start = text.startsWith('+') ? 1 : 0;
  if (text.slice(start) === '0') return 0;
  let sum = 0;
  part.lastIndex = start;
  do {
    const [, number, unit = ''] = part.exec(text) ?? [];
    if (number === undefined) return undefined;
    sum += Number(number) * (unitMs[unit] ?? Number.NaN);
  } while (part.lastIndex < text.length);
  return Number.isFinite(sum) ? sum : undefined;
}

/** As Go prints a duration: `5m0s`, `1.5s`, `250ms`. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1) return ms < 1e-3 ? `${round(ms * 1e6)}ns` : `${round(ms * 1e3)}µs`;
  if (ms < 1_000) return `${round(ms)}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${round((ms % 60_000) / 1_000)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** A duration is a whole number of nanoseconds. */
function round(value: number): number {
  return Number(value.toFixed(9));
}
