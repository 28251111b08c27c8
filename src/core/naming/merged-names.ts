/**
 * Names that a page does not keep apart: attributes of one point that become one label have their values joined ("Metric
 * Attributes" of the specification), which no query for either of them finds, and attributes of two points may become labels of
 * one series. As Prometheus' OTLP receiver does of the first, both are told and counted.
 */
import { shown } from '../errors/shown.ts';

/** @param attributes of a point, whose label is one */
export type OnJoined = (label: string, attributes: readonly string[]) => void;

export interface MergedNames {
  /** Attributes become one label. */
  readonly joined: OnJoined;
  /** Two series of a family are one on a page. @param adds their values add up; else the newest is shown */
  met(family: string, names: readonly [readonly string[], readonly string[]], adds: boolean): void;
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

/**
 * @param warn is given each set once, as a line
 * @param fix what a line ends with
 */
export function createMergedNames(warn: (message: string) => void, fix: string): MergedNames {
  const told = new Set<string>();
  let count = 0;
  let heap = 0;

  function once(names: unknown, line: () => string): void {
    const set = JSON.stringify(names).slice(0, longestSet);
    if (told.has(set)) return;
    count++;
    if (told.size >= mostSets) return;
    told.add(set);
    heap += setHeapBytes + unitBytes * set.length;
    warn(`${line()}. ${fix}`);
  }

  return Object.freeze<MergedNames>({
    joined: (label, attributes) => once([label, attributes], () => joinedMessage(label, attributes)),
    met: (family, names, adds) => once([family, names], () => metMessage(family, names, adds)),
    get count() {
      return count;
    },
    get heap() {
      return heap;
    },
  });
}

function joinedMessage(label: string, attributes: readonly string[]): string {
  return `the attributes ${listed(attributes)} become one label, ${shown(label, mostShown)}, which has their values joined with ";"`;
}

function metMessage(family: string, [one, other]: readonly [readonly string[], readonly string[]], adds: boolean): string {
  const differing = [one.filter((name) => !other.includes(name)), other.filter((name) => !one.includes(name))];
  const shows = adds ? 'their values add up there' : 'the newest is shown there';
  return `${shown(family, mostShown)}: the attributes ${differing.map(listed).join(' and ')} make one series of two on a page that escapes names; ${shows}`;
}

function listed(names: readonly string[]): string {
  const named = names.slice(0, mostNamed).map((name) => shown(name, mostShown));
  return `${named.join(', ')}${names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''}`;
}
