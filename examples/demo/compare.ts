/** Compares recorded, pulled and pushed values. */
import type { DemoHost } from './host.ts';
import type { Samples } from './sample.ts';

export interface Comparison {
  readonly agree: boolean;
  /** A table with a line for each series that differs, or whose recorded value is known. */
  readonly lines: readonly string[];
}

/** `pushed` undefined: nothing could be read back. */
export function compare(
  { moving, leaving }: Pick<DemoHost, 'moving' | 'leaving'>,
  recorded: Samples,
  pulled: Samples,
  pushed: Samples | undefined,
): Comparison {
  const arrived = pushed ?? new Map<string, number>();
  const lines: string[] = [];
  let agree = pushed !== undefined;
  let others = 0;
  for (const series of new Set([...recorded.keys(), ...pulled.keys(), ...arrived.keys()])) {
    const moves = moving.test(series);
    const known = recorded.get(series);
    const [a, b] = [pulled.get(series), arrived.get(series)];
    if (a === undefined && leaving?.test(series) === true) continue;
    const same = moves ? a !== undefined && b !== undefined : a === b && (known === undefined || known === a);
    agree &&= same;
    if (same && known === undefined) others += 1;
    else lines.push(row(same ? 'ok' : 'DIFFERS', series, known, shown(a), shown(b)));
  }
  return { agree, lines: [row('', 'series', 'recorded', 'pulled', 'pushed'), ...lines, `ok      ${others} more series, the same in both`] };
}

function row(mark: string, series: string, recorded: string | number | undefined, pulled: string, pushed: string): string {
  return `${mark.padEnd(8)}${series.padEnd(66)}${String(recorded ?? '-').padStart(14)}${pulled.padStart(14)}${pushed.padStart(14)}`;
}

function shown(value: number | undefined): string {
  return value === undefined ? 'absent' : String(value);
}
