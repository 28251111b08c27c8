/** Recorded, pulled and pushed side by side. */
import type { Samples } from './sample.ts';

export interface Comparison {
  readonly agree: boolean;
  /** A table, one line a series. */
  readonly lines: readonly string[];
}

/** They move between any two readings, so only their presence is compared. */
const moving = /^runwisp_(?:task_cpu_percent|task_memory_bytes|daemon_cpu_percent|daemon_memory_used_bytes|daemon_uptime_seconds)\b/;
/** A process that has ended has none of them; the last push may be from before its end. */
const ending = /^runwisp_task_(?:cpu_percent|memory_bytes)\b/;

/** `pushed` undefined: nothing could be read back. */
export function compare(recorded: Samples, pulled: Samples, pushed: Samples | undefined): Comparison {
  const arrived = pushed ?? new Map<string, number>();
  const lines: string[] = [];
  let agree = pushed !== undefined;
  for (const series of new Set([...recorded.keys(), ...pulled.keys(), ...arrived.keys()])) {
    const moves = moving.test(series);
    // The database knows no tasks without a run.
    const known = recorded.get(series) ?? (series.startsWith('runwisp_task_active_runs') ? 0 : undefined);
    const [a, b] = [pulled.get(series), arrived.get(series)];
    if (a === undefined && ending.test(series)) continue;
    const same = moves ? a !== undefined && b !== undefined : a === b && (known === undefined || known === a);
    agree &&= same;
    lines.push(row(same ? 'ok' : 'DIFFERS', series, known, moves ? shownMoving(a) : shown(a), moves ? shownMoving(b) : shown(b)));
  }
  return { agree, lines: [row('', 'series', 'recorded', 'pulled', 'pushed'), ...lines] };
}

function row(mark: string, series: string, recorded: string | number | undefined, pulled: string, pushed: string): string {
  return `${mark.padEnd(8)}${series.padEnd(66)}${String(recorded ?? '-').padStart(14)}${pulled.padStart(14)}${pushed.padStart(14)}`;
}

function shown(value: number | undefined): string {
  return value === undefined ? 'absent' : String(value);
}

function shownMoving(value: number | undefined): string {
  return value === undefined ? 'absent' : `~${value >= 1_000 ? Math.round(value) : value.toFixed(1)}`;
}
