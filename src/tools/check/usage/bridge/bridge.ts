/**
 * Recording rules under the old names, for a transition: expressions that nobody has rewritten yet keep their series. Only where
 * what they record is what the old program exposed; where it is not, it says so.
 */
import { Document, type Pair, type Scalar, visit } from 'yaml';
import type { ContractDiff, Mapping } from '../../diff/change.ts';
import { transitionOf } from './transition.ts';

export interface BridgeRule {
  /** The old name. */
  readonly record: string;
  readonly expr: string;
  /** That the rule sets. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface Unbridged {
  /** Of the old series. */
  readonly series: string;
  /** One sentence. */
  readonly reason: string;
}

export interface Bridge {
  readonly rules: readonly BridgeRule[];
  readonly unbridged: readonly Unbridged[];
}

/** In the order of the old contract. What has not changed has no rule. */
export function bridgeOf({ mappings }: ContractDiff): Bridge {
  const inUse = new Set([...mappings.values()].flatMap(({ to }) => to?.series ?? []));
  const rules: BridgeRule[] = [];
  const unbridged: Unbridged[] = [];
  for (const mapping of mappings.values()) {
    if (!isChanged(mapping)) continue;
    const bridge = bridgeOne(mapping, inUse);
    rules.push(...bridge.rules);
    unbridged.push(...bridge.unbridged);
  }
  return { rules, unbridged };
}

function isChanged(mapping: Mapping): boolean {
  const { from, to, labels, values, factor } = mapping;
  if (to === undefined || from.series !== to.series || from.kind !== to.kind || factor !== 1) return true;
  if ([...labels].some(([old, now]) => old !== now) || [...values.values()].some((changed) => changed.size > 0)) return true;
  return !sameBounds(from.bounds, to.bounds, 1) || added(mapping).length > 0;
}

function added({ to, labels }: Mapping): readonly string[] {
  const known = new Set(labels.values());
  return Object.keys(to?.labels ?? {}).filter((label) => !known.has(label));
}

const histograms = ['_bucket', '_sum', '_count'] as const;

function bridgeOne(mapping: Mapping, inUse: ReadonlySet<string>): Bridge {
  const { from, to, factor } = mapping;
  const not = (series: string, reason: string): Bridge => ({ rules: [], unbridged: [{ series, reason }] });
  if (to === undefined) return not(from.series, 'it was removed, and no series has its values');
  if (inUse.has(from.series))
    return not(from.series, 'its name is in use: rules would add series to those that the program exposes under it');
  if (from.kind !== to.kind) return not(from.series, `it was a ${from.kind} and is a ${to.kind}`);
  if (factor === undefined)
    return not(from.series, `there is no factor between its units, ${unit(from.unit)} and ${unit(to.unit)}`);
  const transition = transitionOf(mapping, added(mapping));
  if (typeof transition === 'string') return not(from.series, transition);
  const rules: BridgeRule[] = [];
  const unbridged: Unbridged[] = transition.lost.map((reason) => ({ series: from.series, reason }));
  const add = (suffix: string, times: number) => {
    for (const { expr, labels } of transition.rules(to.series + suffix))
      rules.push({ record: from.series + suffix, expr: scaled(expr, times), labels });
  };
  if (from.kind === 'histogram') {
    if (from.bounds.length > 0) {
      for (const suffix of histograms) {
        const reason = suffix === '_bucket' ? bucketsLost(mapping, factor) : undefined;
        if (reason === undefined) add(suffix, suffix === '_sum' ? factor : 1);
        else unbridged.push({ series: from.series + suffix, reason });
      }
    }
    if (from.exponential !== undefined) {
      if (factor !== 1)
        unbridged.push({ series: from.series, reason: 'native histograms cannot be multiplied: their bounds stay' });
      else if (to.exponential === undefined)
        unbridged.push({ series: from.series, reason: 'the new one has no exponential buckets' });
      else add('', 1);
    }
  } else {
    add('', factor);
    if (from.kind === 'summary') {
      add('_sum', factor);
      add('_count', 1);
    }
  }
  return { rules, unbridged };
}

const unit = (text: string) => (text === '' ? 'none' : text);

function bucketsLost({ from, to }: Mapping, factor: number): string | undefined {
  if (factor !== 1)
    return 'the label le is in the new unit, and PromQL cannot calculate with a label; _sum and _count are recorded';
  return sameBounds(from.bounds, to?.bounds ?? [], 1) ? undefined : 'the new bounds are others; _sum and _count are recorded';
}

function sameBounds(one: readonly number[], other: readonly number[], factor: number): boolean {
  return one.length === other.length && one.every((bound, at) => bound * factor === other[at]);
}

/** New value = old value × factor. */
function scaled(expr: string, factor: number): string {
  if (factor === 1) return expr;
  const inverse = 1 / factor;
  const rounded = Number(inverse.toPrecision(15));
  return Number.isInteger(rounded) ? `${expr} * ${rounded}` : `${expr} / ${factor}`;
}

/** In each file that `bridgeFile` gives. */
export const bridgeMark = 'Generated by meterbridge diff --bridge.';

/** A rule file for Prometheus, with what it does not have in its comment. The same diff gives the same bytes. */
export function bridgeFile({ rules, unbridged }: Bridge): string {
  const groups = [
    {
      name: 'bridge',
      rules: rules.map(({ labels, ...rule }) => (Object.keys(labels).length === 0 ? rule : { ...rule, labels })),
    },
  ];
  const document = new Document({ groups: rules.length === 0 ? [] : groups });
  const lines = [
    `Records the series of a new contract under their old names, for the time of a transition. ${bridgeMark}`,
    'An expression over them, and over rates of counters, finds what it found; the samples are as old as one evaluation interval.',
    ...(unbridged.length === 0 ? [] : ['Not recorded:', ...unbridged.map(({ series, reason }) => `- ${series}: ${reason}`)]),
  ];
  document.commentBefore = lines.map((line) => ` ${line.replace(/\s+/g, ' ')}`).join('\n');
  visit(document, {
    Pair(_, pair: Pair) {
      // A value of a label is a string, also when it looks like a number.
      const value = pair.value as Scalar | null;
      if (typeof value?.value === 'string' && /^[\d.+-]/.test(value.value)) value.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}
