/** The distinct values of a label: the first ones as they are, and a number for all, in bounded memory. */
import { mostValues, type ObservedLabel } from './observed.ts';

export interface Distinct {
  add(value: string): void;
  readonly values: ReadonlySet<string>;
  /** Exact up to `mostValues`, and an estimate beyond: linear counting (Whang et al. 1990) over 2^20 bits. */
  readonly distinct: number;
}

const bits = 2 ** 20;

export function createDistinct(): Distinct {
  const values = new Set<string>();
  let seen: Uint8Array | undefined;
  let marked = 0;

  function mark(value: string): void {
    seen ??= new Uint8Array(bits / 8);
    const bit = hash(value) & (bits - 1);
    const mask = 1 << (bit & 7);
    if (((seen[bit >> 3] as number) & mask) !== 0) return;
    seen[bit >> 3] = (seen[bit >> 3] as number) | mask;
    marked++;
  }

  return {
    add(value) {
      if (seen !== undefined) mark(value);
      else if (values.has(value)) return;
      else if (values.size < mostValues) values.add(value);
      else {
        for (const known of values) mark(known);
        mark(value);
      }
    },
    values,
    get distinct() {
      if (seen === undefined) return values.size;
      const free = Math.max(1, bits - marked);
      return Math.max(values.size + 1, Math.round(-bits * Math.log(free / bits)));
    },
  };
}

/** FNV-1a with a last mix, so that neighbours are apart. */
function hash(text: string): number {
  let sum = 0x811c_9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x0100_0193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85eb_ca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2_ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}

export interface LabelTally {
  series: number;
  readonly distinct: Distinct;
}

/** Counts the labels of a series that is new. */
export function countLabels(tallies: Map<string, LabelTally>, names: readonly string[], values: readonly string[]): void {
  for (const [at, name] of names.entries()) {
    const value = values[at] as string;
    // "A label with an empty value is considered equivalent to a label that does not exist" (Prometheus, data model).
    if (value === '') continue;
    const tally = tallies.get(name) ?? { series: 0, distinct: createDistinct() };
    tallies.set(name, tally);
    tally.series++;
    tally.distinct.add(value);
  }
}

export function observedLabels(tallies: ReadonlyMap<string, LabelTally>): ReadonlyMap<string, ObservedLabel> {
  return new Map(
    [...tallies].map(([name, { series, distinct }]) => [
      name,
      Object.freeze({ series, values: distinct.values, distinct: distinct.distinct }),
    ]),
  );
}
