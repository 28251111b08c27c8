/** A registry's series in the store, replaced in one flip. */
import { type Family, type FamilySpec, type Row, type Store, writeHistogram, writeSummary } from '../../core/store/index.ts';
import { labelText } from '../series/label-rules/label-text.ts';
import { wrongLine } from './judge.ts';
import { createNames, type Named } from './names.ts';
import { createJoinSeries } from './one-series.ts';
import type { ReadFamily, ReadSeries } from './read-metric.ts';

export interface RegistryLimits {
  readonly maxAgeMs: number;
  readonly maxSeries: number;
  readonly maxLabelBytes: number;
}

export interface ShownOptions extends RegistryLimits {
  readonly store: Store;
  readonly onProduced: (event: {
    outcome: 'invalid' | 'omitted' | 'refused' | 'respelled' | 'shortened';
    count: number;
    line: string;
  }) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface Shown {
  /** Shows these instead of the previous ones. Once closed it does nothing. */
  replace(read: readonly ReadFamily[]): void;
  close(): void;
}

interface ShownFamily {
  readonly family: Family;
  /** By labels. */
  rows: Map<string, Row>;
}

interface Entry {
  readonly held: ShownFamily;
  readonly next: Map<string, Row>;
  readonly series: readonly (ReadSeries & { readonly key: string })[];
}

export function createShown({ store, onProduced, clock, maxAgeMs, maxSeries, maxLabelBytes }: ShownOptions): Shown {
  const source = store.source({ scope: { name: 'prom-client' } });
  const choose = createNames(store.view, source);
  const join = createJoinSeries((count, line) => onProduced({ outcome: 'respelled', count, line }));
  let closed = false;
  let held = new Map<string, ShownFamily>();
  /** The first family of each name: others join its group. */
  let first = new Map<string, Family>();
  /** The line about the values of each metric: they change, and one line is enough. */
  let told = new Map<string, string>();
  // A counter of this process is assumed to have begun with it.
  let last = Math.max(0, clock() - process.uptime() * 1_000);

  function entryOf({ read, exposed }: Named, now: Map<string, ShownFamily>, firstNow: Map<string, Family>): Entry {
    const spec = specOf(read, exposed, maxAgeMs);
    const key = JSON.stringify([exposed, spec.kind, spec.help, read.across, read.points]);
    const one = held.get(key) ?? {
      family: source.family(spec, false, first.get(read.name) ?? firstNow.get(read.name)),
      rows: new Map(),
    };
    now.set(key, one);
    if (!firstNow.has(read.name)) firstNow.set(read.name, one.family);
    const series = admitted(read).map(({ names, values, value }) => {
      const texts = values.map((text, at) => within(text, `${read.name}{${names[at]}}`));
      return { names, values: texts, value, key: JSON.stringify([names, texts]) };
    });
    return { held: one, next: new Map(), series };
  }

  /** The series that have a value. */
  function admitted(read: ReadFamily): readonly ReadSeries[] {
    const series: ReadSeries[] = [];
    for (const one of read.series) {
      if (one.wrong === undefined) series.push(one);
      else if (!told.has(read.name)) told.set(read.name, wrongLine(read.name, one, one.wrong));
    }
    const [count, line] = [read.series.length - series.length, told.get(read.name)];
    if (count > 0 && line !== undefined) onProduced({ outcome: 'invalid', count, line });
    return series;
  }

  function within(text: string, at: string): string {
    const fits = labelText(text, maxLabelBytes);
    if (fits !== text && text.isWellFormed()) {
      const fix = 'Fix: record a shorter one, or raise maxLabelBytes of fromPromClient';
      onProduced({
        outcome: 'shortened',
        count: 1,
        line: `${at}: a label value of more than ${maxLabelBytes} bytes is shortened. ${fix}`,
      });
    }
    return fits;
  }

  return Object.freeze<Shown>({
    replace(read) {
      if (closed) return;
      const now = new Map<string, ShownFamily>();
      const firstNow = new Map<string, Family>();
      const omit = (name: string, reason: string) =>
        onProduced({
          outcome: 'omitted',
          count: 1,
          line: `${name}: this metric of the prom-client registry is left out: ${reason}`,
        });
      const entries = join(choose(read, omit)).map((named) => entryOf(named, now, firstNow));
      const time = clock();
      let refused = 0;
      source.replace(
        [...now.values()].map(({ family }) => family),
        () => {
          refused = writeEntries(entries, maxSeries, last, time);
        },
      );
      for (const { held: one, next } of entries) one.rows = next;
      for (const [key, { family }] of held) if (!now.has(key)) family.end();
      [held, first, last] = [now, firstNow, time];
      told = new Map([...told].filter(([name]) => firstNow.has(name)));
      if (refused === 0) return;
      const line = `prom-client registry: series beyond ${maxSeries} are left out. Fix: bound its labels, or raise maxSeries of fromPromClient`;
      onProduced({ outcome: 'refused', count: refused, line });
    },
    close() {
      closed = true;
      source.close();
    },
  });
}

/**
 * Returns how many series do not fit. Those that are shown already come first.
 *
 * @param last when the series were read last: new ones began then
 * @param now when they were read this time: those that fell were reset
 */
function writeEntries(entries: readonly Entry[], maxSeries: number, last: number, now: number): number {
  let room = maxSeries;
  for (const { held, series } of entries) for (const { key } of series) if (held.rows.has(key)) room--;
  let refused = 0;
  for (const { held, next, series } of entries) {
    for (const { key, names, values, value } of series) {
      const known = held.rows.get(key);
      const row = known ?? (room-- > 0 ? held.family.row({ names, values }, last, typeof value === 'number' ? value : 0) : 0);
      if (row === 0) refused++;
      else {
        next.set(key, row);
        held.family.keep(row);
        if (writeValue(held.family, row, value) && known !== undefined) held.family.setStart(row, now, false);
      }
    }
  }
  return refused;
}

function specOf(
  { name, help, kind, across, points, series }: ReadFamily,
  exposed: FamilySpec['exposed'],
  maxAgeMs: number,
): FamilySpec {
  return {
    // Prometheus' name "MUST be unaltered" (OpenTelemetry, "Prometheus Metric points to OTLP", "Metric Metadata").
    name,
    unit: '',
    help,
    kind,
    labels: series[0]?.names ?? [],
    maxAgeMs,
    uncontracted: true,
    ...(across !== undefined && { across }),
    ...(exposed !== undefined && { exposed }),
    ...(kind === 'histogram' && { bounds: points }),
    ...(kind === 'summary' && { quantiles: points }),
  };
}

/** Returns whether a counter or a count fell. A sum falls with negative values, too, which prom-client takes. */
function writeValue({ cells, stride, rowLayout: layout, spec }: Family, row: Row, value: ReadSeries['value']): boolean {
  const at = row * stride;
  if (typeof value === 'number') {
    const fell = spec.kind === 'counter' && value < (cells[at] as number);
    cells[at] = value;
    return fell;
  }
  if (layout.form === 'histogram') return writeHistogram(layout, cells, at, value.parts, value.sum);
  if (layout.form !== 'summary') return false;
  for (const [index, quantile] of value.parts.entries()) cells[at + layout.firstQuantile + index] = quantile;
  return writeSummary(layout, cells, at, value.count, value.sum);
}
