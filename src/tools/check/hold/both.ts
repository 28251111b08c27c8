/**
 * What is pulled against what is pushed, sample by sample. What differs by the formats' own rules is put aside first;
 * docs/check.md has the table of that, and test/conformance/pull-equals-push.test.ts does the same by code of its own.
 */
import { shown } from '../../../core/errors/shown.ts';
import type { CheckFinding } from '../finding.ts';
import type { Observed, ObservedFamily } from '../observed.ts';
import { bareSummaries, withSummaries } from './as-counters.ts';
import { isAddedFamily } from './known.ts';
import { findingOf } from './rules.ts';

export interface Valued {
  readonly observed: Observed;
  /** By `seriesKey`. */
  readonly values: ReadonlyMap<string, number>;
}

/** What differs in a family: how much, and an example. */
interface Difference {
  readonly onlyPulled: string[];
  readonly onlyPushed: string[];
  readonly values: string[];
  compared: number;
}

/**
 * One finding a family and rule, with an example. A program that goes on counting between the scrape and the push differs in
 * values.
 * @param given what was scraped, and `createPageValues()` of it
 * @param lines what was pushed
 */
export function compareBoth(given: Valued, lines: Valued): readonly CheckFinding[] {
  const page = { ...given, observed: withSummaries(given.observed, bareSummaries(lines.observed)) };
  const differences = new Map<string, Difference>();
  const pulled = normalised(page, page, lines);
  const pushed = normalised(lines, page, lines);
  const of = (key: string): Difference => {
    const name = familyOf(key, page.observed, lines.observed);
    const found = differences.get(name) ?? { onlyPulled: [], onlyPushed: [], values: [], compared: 0 };
    differences.set(name, found);
    return found;
  };
  for (const [key, value] of pulled) {
    const other = pushed.get(key);
    const difference = of(key);
    if (other === undefined) {
      difference.onlyPulled.push(key);
      continue;
    }
    difference.compared++;
    // NaN is a value as any other.
    if (!Object.is(value, other)) difference.values.push(`${key}: pulled ${value}, pushed ${other}`);
  }
  for (const key of pushed.keys()) if (!pulled.has(key)) of(key).onlyPushed.push(key);
  return [...differences].flatMap(([name, difference]) => findingsOf(page, lines, name, difference));
}

function findingsOf(page: Valued, lines: Valued, name: string, difference: Difference): readonly CheckFinding[] {
  const [a, b] = [page.observed.families.get(name), lines.observed.families.get(name)];
  const source = a === undefined ? lines.observed.source : page.observed.source;
  const at = { line: (a ?? b)?.line, family: name };
  const findings: CheckFinding[] = [];
  const sides = [
    ['pulled', difference.onlyPulled],
    ['pushed', difference.onlyPushed],
  ] as const;
  for (const [side, keys] of sides) {
    if (keys.length > 0)
      findings.push(findingOf(source, 'both-series', { ...at, got: `${keys.length} only ${side}, such as ${keys[0]}` }));
  }
  if (difference.values.length > 0) {
    const got = `${difference.values.length} of ${difference.compared} differ, such as ${difference.values[0]}`;
    findings.push(findingOf(source, 'both-value', { ...at, got }));
  }
  if (a === undefined || b === undefined) return findings;
  if (!isSameType(a, b))
    findings.push(findingOf(source, 'both-type', { ...at, got: `pulled as ${a.kind}, pushed as ${b.kind}` }));
  if (a.counters === undefined && (a.help ?? '') !== (b.help ?? '')) {
    findings.push(findingOf(source, 'both-help', { ...at, got: `pulled ${shown(a.help ?? '')}, pushed ${shown(b.help ?? '')}` }));
  }
  return findings;
}

function normalised({ values }: Valued, page: Valued, lines: Valued): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const [key, value] of values) {
    const name = familyOf(key, page.observed, lines.observed);
    if (!isAddedFamily(name) && !isOneWay(key, name, page, lines)) left.set(key, value);
  }
  return left;
}

/**
 * Buckets that only one of both ways has: those of a summary that an SDK pushes as a histogram, and of exponential histograms,
 * which a page shows in part.
 */
function isOneWay(key: string, name: string, page: Valued, lines: Valued): boolean {
  if (!key.startsWith(`${name}_bucket{`)) return false;
  const [a, b] = [page.observed.families.get(name), lines.observed.families.get(name)];
  return (a?.kind === 'summary' && b?.kind === 'histogram') || a?.native === true || b?.native === true;
}

function isSameType(pulled: ObservedFamily, pushed: ObservedFamily): boolean {
  const level = ({ kind }: ObservedFamily) =>
    kind === 'updowncounter' || kind === 'info' || kind === 'stateset' ? 'gauge' : kind;
  return level(pulled) === level(pushed) || (pulled.kind === 'summary' && pushed.kind === 'histogram');
}

/** Of a sample: its own name, or without what histograms and summaries append. */
function familyOf(key: string, ...observed: readonly Observed[]): string {
  const name = key.slice(0, key.indexOf('{'));
  const bare = name.replace(/_(bucket|sum|count)$/, '');
  const has = (family: string) => observed.some(({ families }) => families.has(family));
  return !has(name) && has(bare) ? bare : name;
}
