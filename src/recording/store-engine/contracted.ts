/** A recorded metric of a contract over the store: the ways that go past *admit*. */
import type { Attached, Instrument } from '../engine.ts';
import { identityOf } from '../identity.ts';
import { createLabelIndex } from '../label-index.ts';
import { textOf } from '../labels-in.ts';
import { valueRule } from '../recorded.ts';
import type { Series } from '../series.ts';
import { createBinder } from './bound.ts';
import { createCellWriter } from './cell-writer.ts';
import { createMeasure } from './measure.ts';

export function createContracted({ metric, admit, family }: Attached): Instrument {
  const names = Object.keys(metric.labels);
  const index = admit.index ?? createLabelIndex(names.length);
  const takes = valueRule(metric.kind);
  const write = createCellWriter(family, metric.kind);
  /** Series that were recorded with other primitives than text, e.g. `{code: 404}`, and under which. */
  const aliases = new Map<Series, (readonly unknown[])[]>();

  return {
    write: (series, value) => write(series.row, value),
    direct: {
      show(series, first) {
        series.row = family.row(identityOf(metric, series), series.startMs, first);
      },
      drop(series) {
        for (const path of aliases.get(series) ?? []) index.delete(path);
        aliases.delete(series);
      },
      learn(series, labels) {
        const path = aliasOf(series, names, labels);
        if (path === undefined || !series.live || index.get(path) === series) return;
        index.put(path, series);
        const known = aliases.get(series);
        if (known === undefined) aliases.set(series, [path]);
        else known.push(path);
      },
      measure: (slow) => createMeasure({ names, kind: metric.kind, family, index, takes, write, slow }),
      bound: createBinder({ kind: metric.kind, family, takes, write }),
    },
  };
}

/** Undefined: nothing but text, or what a getter says anew each time. At most one alias per type and label, so they are few. */
function aliasOf(series: Series, names: readonly string[], labels: unknown): readonly unknown[] | undefined {
  if (names.length === 0 || typeof labels !== 'object' || labels === null) return undefined;
  try {
    const path = names.map((name) => (labels as Record<string, unknown>)[name]);
    if (path.every((value) => typeof value === 'string')) return undefined;
    return path.every((value, at) => textOf(value) === series.values[at]) ? path : undefined;
  } catch {
    return undefined;
  }
}
