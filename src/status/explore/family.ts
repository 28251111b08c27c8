/** One family, looked at closely: its labels, who sends it, and what its series add up to now. */
import type { FamilyView, Row, View } from '../../core/store/index.ts';
import type { Family } from '../model/index.ts';
import type { PageValues } from '../page-values.ts';
import { createDistinctValues, type DistinctValues } from './distinct.ts';
import { walkInSlices } from './in-slices.ts';
import { createLabelReader } from './label-bytes-of.ts';
import { createTopValues, type TopValues } from './top-values.ts';
import { createValueSum } from './value-sum.ts';

export interface FamilyOptions {
  readonly view: View;
  readonly name: string;
  readonly nameOf: (family: FamilyView) => string;
  /** Whose rows are. Absent: it is not known. */
  readonly ownerOf?: ((family: FamilyView, row: Row) => number) | undefined;
  readonly values: PageValues;
}

export interface LookedAt extends Pick<Family, 'read' | 'complete' | 'labels' | 'bounds'> {
  readonly senders?: NonNullable<Family['senders']>;
  /** As in `Family.newest`; undefined: none of its series has a value. */
  readonly value: number | undefined;
}

const mostSeries = 1_000_000;
const mostMs = 10_000;
const mostLabels = 200;
const mostSenders = 20;

export async function lookAtFamily({ view, name, nameOf, ownerOf, values: pageValues }: FamilyOptions): Promise<LookedAt> {
  const labels = new Map<string, { readonly values: DistinctValues; readonly top: TopValues }>();
  const senders = createTopValues();
  const sum = createValueSum();
  const readLabels = createLabelReader();
  let read = 0;
  let bounds: readonly number[] | undefined;
  let [at, of]: [Row, FamilyView | undefined] = [0, undefined];

  const each = (label: string, hash: number) => {
    let known = labels.get(label);
    if (known === undefined) {
      if (labels.size >= mostLabels) return;
      known = { values: createDistinctValues(), top: createTopValues() };
      labels.set(label, known);
    }
    known.values.add(hash);
    if (pageValues.areShown && of !== undefined) known.top.add(hash, of, at);
  };

  const complete = await walkInSlices(
    view,
    {
      family: (family) => nameOf(family) === name,
      row(family, row, _generation, cellAt) {
        read++;
        [at, of] = [row, family];
        bounds ??= family.spec.bounds;
        readLabels(family, row, each);
        if (ownerOf !== undefined) senders.add(ownerOf(family, row), family, row);
        sum.add(family, cellAt);
      },
    },
    { mostMs, enough: () => read >= mostSeries },
  );
  return {
    read,
    complete,
    labels: [...labels]
      .map(([label, { values, top }]) => ({
        ...values.row(label),
        ...(pageValues.areShown && {
          top: top.most(10).map(({ family, row, count }) => ({ value: textOf(family, row, label), series: count })),
        }),
      }))
      .sort((one, other) => other.values - one.values),
    ...(bounds && { bounds }),
    ...(ownerOf && {
      senders: senders.most(mostSenders).map(({ family, row, count }) => ({
        job: textOf(family, row, 'job'),
        instance: textOf(family, row, 'instance'),
        series: count,
      })),
    }),
    value: sum.value,
  };
}

/** Of a text that is shown, in characters. */
const longest = 200;

function textOf(family: FamilyView, row: Row, label: string): string {
  const { names, values } = family.labels(row);
  const value = values[names.indexOf(label)] ?? '';
  return typeof value === 'string' ? value.slice(0, longest) : '(no text)';
}
