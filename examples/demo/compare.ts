/** Compares recorded, pulled and pushed values. */
import { columns } from '../../src/tools/demo/board/columns.ts';
import { counted } from '../../src/tools/demo/board/words.ts';
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
  const rows = [row('', 'series', 'recorded', 'pulled', 'pushed')];
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
    else rows.push(row(same ? 'ok' : 'DIFFERS', series, known, shown(a), shown(b)));
  }
  const more = counted(others, 'more series', 'more series');
  return { agree, lines: [...columns(rows), `ok      ${more}, the same in both`] };
}

function row(
  mark: string,
  series: string,
  recorded: string | number | undefined,
  pulled: string,
  pushed: string,
): readonly string[] {
  return [`${mark.padEnd(8)}${series}`, String(recorded ?? '-'), pulled, pushed];
}

function shown(value: number | undefined): string {
  return value === undefined ? 'absent' : String(value);
}
