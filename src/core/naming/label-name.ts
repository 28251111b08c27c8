/**
 * Attribute → label. The rules of the OpenTelemetry specification ("Metric Attributes" under Prometheus compatibility) as
 * `otlptranslator` 1.0.0 does them.
 */
import type { OnJoined } from './merged-names.ts';
import { defaultStrategy, escapes, type Strategy } from './strategy.ts';

/**
 * How to replace a run of characters that a label cannot have, including `_`: with one `_` (the specification, and Collectors
 * from 0.162), or one for each (Collectors before, unless their feature gate
 * `pkg.translator.prometheus.PermissiveLabelSanitization` is on; Prometheus).
 */
export type UnderscoreRuns = 'collapse' | 'preserve';

/** An attribute or a label, and its value as a string. */
export type Pair = readonly [name: string, value: string];

/**
 * The label's name. `''` if nothing legal remains (the empty name, underscores only). The two UTF-8 strategies leave the name
 * unchanged. A name that starts with a digit gets `key_`; `__x__` keeps its two underscores at either end.
 */
export function labelName(attribute: string, strategy: Strategy = defaultStrategy, runs: UnderscoreRuns = 'collapse'): string {
  const name = escapes(strategy) ? escaped(attribute, runs) : attribute;
  return /^_*$/.test(name) ? '' : name;
}

function escaped(attribute: string, runs: UnderscoreRuns): string {
  const name = runs === 'preserve' ? attribute.replace(/[^a-zA-Z0-9]/gu, '_') : collapsed(attribute);
  return /^[0-9]/.test(name) ? `key_${name}` : name;
}

function collapsed(attribute: string): string {
  const reserved = attribute.length >= 4 && attribute.startsWith('__') && attribute.endsWith('__');
  if (reserved) return `__${collapsedText(attribute.slice(2, -2))}__`;
  return collapsedText(attribute);
}

function collapsedText(text: string): string {
  return text.replace(/[^a-zA-Z0-9]+/gu, '_');
}

/**
 * The labels of one point. Attributes with the same label name merge: their values are joined with `;` in the order of the
 * original keys, as the specification requires and Prometheus does (a Collector's exporter drops the point). A label takes the
 * position of its first attribute. Attributes without a legal label name are omitted.
 */
export function labelPairs(
  attributes: readonly Pair[],
  strategy: Strategy = defaultStrategy,
  runs: UnderscoreRuns = 'collapse',
): readonly Pair[] {
  return joinedPairs(attributes, (attribute) => labelName(attribute, strategy, runs));
}

/** The same by any rule for names. `''`: the attribute is left out. */
export function joinedPairs(
  attributes: readonly Pair[],
  labelOf: (attribute: string) => string,
  onJoined?: OnJoined,
): readonly Pair[] {
  const byLabel = new Map<string, Pair[]>();
  for (const pair of attributes) {
    const label = labelOf(pair[0]);
    if (label === '') continue;
    const same = byLabel.get(label);
    if (same === undefined) byLabel.set(label, [pair]);
    else same.push(pair);
  }
  return [...byLabel].map(([label, pairs]) => [label, joinedValue(label, pairs, onJoined)] as const);
}

/** The value of the label that these attributes share. */
export function joinedValue(label: string, pairs: readonly Pair[], onJoined?: OnJoined): string {
  if (pairs.length === 1) return pairs[0]?.[1] ?? '';
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  onJoined?.(
    label,
    sorted.map(([name]) => name),
  );
  return sorted.map(([, value]) => value).join(';');
}
