/**
 * Finds series by some of their labels, for `remove`. A walk of the index visits little more than it finds if the given labels
 * come first. Behind a label of many values it visits many others: after many such visits, it builds an index that starts with
 * the given label, in slices between other work. Programs without such removals have none.
 */
import type { Label } from '../../../core/contract/metric.ts';
import { createLabelIndex, type LabelIndex, type Leaf } from './label-index.ts';

type Found = readonly [values: readonly string[], leaf: Leaf];

export interface LabelSearch {
  /** The series with these values, in the contract's label order; undefined matches any. */
  find(wanted: readonly (string | undefined)[]): Found[];
  /** A series entered the index. */
  entered(values: readonly string[]): void;
  /** A series left the index. */
  left(values: readonly string[]): void;
  /** All series left the index. */
  clear(): void;
}

export interface LabelSearchOptions {
  /** How many series a search may visit in vain before it builds an index: about 0.5 ms. Default 4,096. */
  readonly patience?: number;
  /** Runs one slice of building an index. Default: 1 ms later, without keeping the process alive. */
  readonly later?: (slice: () => void) => void;
}

/** The same series under an index that starts with another label, which it fills in slices. */
interface Turned {
  /** Undefined until all series are in it. */
  find(wanted: readonly (string | undefined)[]): Found[] | undefined;
  entered(values: readonly string[]): void;
  left(values: readonly string[]): void;
}

type Later = NonNullable<LabelSearchOptions['later']>;

const defaultPatience = 4_096;
/** Series per slice: about 0.5 ms. */
const sliceSeries = 512;
const betweenSlicesMs = 1;

const defaultLater: Later = (slice) => void setTimeout(slice, betweenSlicesMs).unref();

export function createLabelSearch(labels: readonly Label[], index: LabelIndex, options: LabelSearchOptions = {}): LabelSearch {
  const { patience = defaultPatience, later = defaultLater } = options;
  /** By the position of the label that they start with. */
  const turned = new Map<number, Turned>();
  let vain = 0;

  return Object.freeze<LabelSearch>({
    find(wanted) {
      const lead = leadOf(labels, wanted);
      const short = lead === undefined ? undefined : turned.get(lead);
      const quick = short?.find(wanted);
      if (quick !== undefined) return quick;
      const found: Found[] = [];
      const looked = index.visit(wanted, (values, leaf) => found.push([[...values], leaf]));
      if (lead === undefined || short !== undefined) return found;
      vain += looked - found.length;
      if (vain > patience) turned.set(lead, createTurned(index, [lead, ...labels.keys().filter((at) => at !== lead)], later));
      return found;
    },
    entered(values) {
      for (const each of turned.values()) each.entered(values);
    },
    left(values) {
      for (const each of turned.values()) each.left(values);
    },
    clear() {
      turned.clear();
      vain = 0;
    },
  });
}

/** The position of the label whose index would be shorter to walk; undefined if there is none. */
function leadOf(labels: readonly Label[], wanted: readonly (string | undefined)[]): number | undefined {
  const first = wanted.findIndex((value) => value !== undefined);
  if (first === -1 || labels.slice(0, first).every(({ kind }) => kind === 'closed')) return undefined;
  const open = wanted.findIndex((value, at) => value !== undefined && labels[at]?.kind !== 'closed');
  return open === -1 ? first : open;
}

/** @param order the positions of the labels, as the new index has them */
function createTurned(index: LabelIndex, order: readonly number[], later: Later): Turned {
  const made = createLabelIndex(order.length);
  let complete = false;
  // Series that enter or leave meanwhile update both.
  const all = index.leaves();
  const entered = (values: readonly string[]) => made.put(turn(values, order), 1);

  function slice(): void {
    for (let count = 0; count < sliceSeries; count++) {
      const next = all.next();
      complete = next.done === true;
      if (next.done) return;
      entered(next.value[0]);
    }
    later(slice);
  }
  later(slice);

  return Object.freeze<Turned>({
    find(wanted) {
      if (!complete) return undefined;
      const found: Found[] = [];
      made.visit(turn(wanted, order), (path) => {
        const values: string[] = [];
        for (const [place, at] of order.entries()) values[at] = path[place] as string;
        const leaf = index.get(values);
        if (leaf !== undefined) found.push([values, leaf]);
      });
      return found;
    },
    entered,
    left: (values) => made.delete(turn(values, order)),
  });
}

function turn<V>(values: readonly V[], order: readonly number[]): V[] {
  return order.map((at) => values[at] as V);
}
