/**
 * Attributes whose names become one label: it has their values, joined ("Metric Attributes" of the specification), which no query for either of them finds. As
 * in Prometheus' OTLP receiver, it is told and counted.
 */
import { shown } from '../../errors/shown.ts';

/** @param attributes of a point, whose label is one */
export type OnJoined = (label: string, attributes: readonly string[]) => void;

export interface JoinedLabels {
  readonly note: OnJoined;
  /** How many sets of attributes there were; beyond those that are known, how often. */
  readonly count: number;
  /** Bytes of the heap that it takes. */
  readonly heap: number;
}

/** Sets that are known; further ones are only counted. */
const mostSets = 1_000;
/** Bytes of a set beside its text, and of a code unit. */
const setHeapBytes = 100;
const unitBytes = 2;
/** Of a set, in UTF-16 code units. */
const longestSet = 500;
/** Attributes that a line names. */
const mostNamed = 3;
/** Of each name in it. */
const mostShown = 60;

/** @param warn is given each set once, as a line */
export function createJoinedLabels(warn: (message: string) => void): JoinedLabels {
  const told = new Set<string>();
  let count = 0;
  let heap = 0;

  return Object.freeze<JoinedLabels>({
    note(label, attributes) {
      const set = JSON.stringify(attributes).slice(0, longestSet);
      if (told.has(set)) return;
      count++;
      if (told.size >= mostSets) return;
      told.add(set);
      heap += setHeapBytes + unitBytes * set.length;
      warn(joinedMessage(label, attributes));
    },
    get count() {
      return count;
    },
    get heap() {
      return heap;
    },
  });
}

function joinedMessage(label: string, attributes: readonly string[]): string {
  const named = attributes.slice(0, mostNamed).map((name) => shown(name, mostShown));
  const more = attributes.length > mostNamed ? ` and ${attributes.length - mostNamed} more` : '';
  return `the attributes ${named.join(', ')}${more} become one label, ${shown(label, mostShown)}, which has their values joined with ";". Rename all but one, or drop them in the sender`;
}
