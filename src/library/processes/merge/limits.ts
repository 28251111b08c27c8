/** Limits of labels over the sum of all processes: each keeps them for itself, and together they may have more values. */
import type { FamilySpec, LabelValue } from '../../../core/store/index.ts';

export type Limit = NonNullable<FamilySpec['limits']>[string];

/** A family's series, whichever processes have it. */
export interface LabelLimits {
  /** A series' start, in milliseconds, and the values of its labels. Series come from the oldest process to the newest. */
  see(names: readonly string[], values: readonly LabelValue[], start: number): void;
  /** After all were seen: the values that are shown. Undefined: the series is left out. */
  pass(names: readonly string[], values: readonly LabelValue[]): readonly LabelValue[] | undefined;
  /** The labels that have more values than their limit, and how many more. */
  over(): readonly { readonly label: string; readonly limit: Limit; readonly excess: number }[];
}

/** What began first stays, whichever process is scraped: so a value that is shown is not replaced by a newer one. */
export function createLimits(limits: NonNullable<FamilySpec['limits']>): LabelLimits {
  const seen = new Map(Object.keys(limits).map((label) => [label, new Map<LabelValue, number>()]));
  const shown = new Map<string, ReadonlySet<LabelValue> | undefined>();

  /** Undefined: all of them. */
  function shownOf(label: string): ReadonlySet<LabelValue> | undefined {
    if (!shown.has(label))
      shown.set(label, firstOf(seen.get(label) as ReadonlyMap<LabelValue, number>, (limits[label] as Limit).limit));
    return shown.get(label);
  }

  return Object.freeze<LabelLimits>({
    see(names, values, start) {
      for (const [at, name] of names.entries()) {
        const limit = limits[name];
        const value = values[at] as LabelValue;
        if (limit === undefined || value === limit.other) continue;
        const starts = seen.get(name) as Map<LabelValue, number>;
        const before = starts.get(value);
        if (before === undefined || start < before) starts.set(value, start);
      }
    },
    pass(names, values) {
      let passed = values;
      for (const [at, name] of names.entries()) {
        const limit = limits[name];
        const value = values[at] as LabelValue;
        if (limit === undefined || value === limit.other || shownOf(name)?.has(value) !== false) continue;
        if (limit.other === undefined) return undefined;
        passed = passed.with(at, limit.other);
      }
      return passed;
    },
    over: () =>
      Object.entries(limits).flatMap(([label, limit]) => {
        const excess = (seen.get(label)?.size ?? 0) - limit.limit;
        return excess > 0 ? [{ label, limit, excess }] : [];
      }),
  });
}

/** Of equal starts, those that were seen first. */
function firstOf(starts: ReadonlyMap<LabelValue, number>, limit: number): ReadonlySet<LabelValue> | undefined {
  if (starts.size <= limit) return undefined;
  return new Set(
    [...starts]
      .sort(([, a], [, b]) => a - b)
      .slice(0, limit)
      .map(([value]) => value),
  );
}
