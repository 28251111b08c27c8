/** A store as the page explores it: its families, its labels, and one family closely. */
import type { FamilyView, Row, View } from '../../core/store/index.ts';
import type { Family, Labels, SeriesStore } from '../model/index.ts';
import type { PageValues } from '../page-values.ts';
import { lookAtFamily } from './family.ts';
import { createFamilyRows, type FamilyRows } from './family-rows.ts';
import { kept } from './in-slices.ts';
import { countLabels } from './labels.ts';
import { queriesOf } from './queries.ts';
import { topOf } from './top-of.ts';

export interface ExplorerOptions {
  /** The key of its node. */
  readonly key: string;
  readonly view: View;
  /** What a family is called on the page. Default: as it is exposed, or declared. */
  readonly nameOf?: (family: FamilyView) => string;
  readonly ownerOf?: (family: FamilyView, row: Row) => number;
  readonly values: PageValues;
  /** What was said about a family that is in conflict with another. */
  readonly conflictsOf: (name: string) => readonly string[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Explorer {
  readonly rows: FamilyRows;
  series(by: 'series' | 'churn'): Promise<Pick<SeriesStore, 'series' | 'families' | 'top' | 'created' | 'expired'>>;
  labels(): Promise<Labels['stores'][number]>;
  family(name: string): Promise<Family | undefined>;
}

const mostTop = 100;
const seriesKeptMs = 1_000;
const labelsKeptMs = 30_000;
const familyKeptMs = 5_000;
/** Families whose answers are kept, and newest values of each. */
const mostKept = 20;
const mostNewest = 60;

export function createExplorer(options: ExplorerOptions): Explorer {
  const { key, view, nameOf = ownName, clock, values, conflictsOf } = options;
  const rows = createFamilyRows(view, nameOf);
  const counts = kept(seriesKeptMs, rows.read);
  const labels = kept(labelsKeptMs, () => countLabels(key, view));
  void rows.begin();
  const families = new Map<string, () => Promise<Family | undefined>>();

  async function look(name: string, newest: Family['newest'][number][]): Promise<Family | undefined> {
    const all = await rows.read();
    const row = all.get(name);
    if (row === undefined) return undefined;
    const { value, ...looked } = await lookAtFamily({ view, name, nameOf, ownerOf: options.ownerOf, values });
    const at = clock();
    if (value !== undefined) newest.push({ at, value });
    newest.splice(0, Math.max(0, newest.length - mostNewest));
    return {
      ...rows.row(row, seriesIn(all.values())),
      at,
      store: key,
      ...looked,
      conflicts: conflictsOf(name),
      newest: [...newest],
      promql: queriesOf(row, looked.bounds !== undefined),
    };
  }

  return Object.freeze({
    rows,
    async series(by: 'series' | 'churn') {
      const all = [...(await counts()).values()];
      const total = seriesIn(all);
      const churn = ({ created, expired }: (typeof all)[number]) => created + expired;
      const compare = (one: (typeof all)[number], other: (typeof all)[number]) =>
        (by === 'churn' ? churn(other) - churn(one) : 0) || other.series - one.series;
      const top = topOf(all, mostTop, compare).map((row) => rows.row(row, total));
      return { series: total, families: all.length, top, created: rows.created, expired: rows.expired };
    },
    labels,
    family(name: string) {
      const newest: Family['newest'][number][] = [];
      const known = families.get(name) ?? kept(familyKeptMs, () => look(name, newest));
      families.delete(name);
      families.set(name, known);
      const [oldest] = families.keys();
      if (families.size > mostKept && oldest !== undefined) families.delete(oldest);
      return known();
    },
  });
}

function ownName({ spec }: FamilyView): string {
  return spec.exposed?.series ?? spec.name;
}

function seriesIn(rows: Iterable<{ readonly series: number }>): number {
  let sum = 0;
  for (const { series } of rows) sum += series;
  return sum;
}
