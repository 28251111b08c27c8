/** Rules for labels, so that every format and every Collector can carry them. */
import type { Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';
import { type Kind, labelName } from '../naming/index.ts';
import type { ClosedLabel, ConstantLabel, Label, LabelValue, Metric } from './metric.ts';
import { tooMany } from './size-rules.ts';
import { illFormed } from './well-formed.ts';

/** Label names that the formats themselves use (OpenMetrics 1.0 §4.5, §4.6). */
const WRITTEN_BY_THE_FORMAT: ReadonlyMap<string, readonly Kind[]> = new Map([
  ['le', ['histogram', 'gaugehistogram']],
  ['quantile', ['summary']],
]);
/** Space for the mark and the hash of a value that is too long, and for a recognizable beginning. */
const LEAST_BYTES = 32;
/** One separator at a time: Collectors and Prometheus translate two in different ways. */
const LEGAL = /^[a-zA-Z][a-zA-Z0-9]*([_.][a-zA-Z0-9]+)*$/;
const LEGAL_FOREIGN = /^[a-zA-Z_][a-zA-Z0-9_.]*$/;

export function labelProblems(metric: Metric, at: string, foreign: boolean): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const [name, label] of Object.entries(metric.labels)) {
    const location = `${at}.labels.${name}`;
    problems.push(...nameProblems(name, location, metric, foreign, seen), ...boundProblems(label, location));
  }
  for (const [name, value] of Object.entries(metric.constantLabels)) {
    const location = `${at}.constantLabels.${name}`;
    problems.push(...nameProblems(name, location, metric, foreign, seen));
    problems.push(...constantProblems(value, location));
  }
  return problems;
}

function constantProblems(label: ConstantLabel, at: string): Problem[] {
  const isParameter = typeof label === 'object' && label?.kind === 'parameter';
  const value: unknown = isParameter ? label.value : label;
  if (isParameter && value === undefined) return [];
  if (typeof value === 'string' && value !== '') return illFormed(value, at);
  const rule = 'a constant label has a value, because Prometheus treats an empty label as absent';
  return [{ at, got: shown(value), rule, fix: 'give it a string, leave it out, or write parameter(…) if the program decides' }];
}

function nameProblems(
  name: string,
  at: string,
  { kind, verbatim }: Metric,
  foreign: boolean,
  seen: Map<string, string>,
): Problem[] {
  // A foreign label is already in use as it is; in ours, both separators become `_`
  const asIs = foreign || verbatim === true;
  const exposed = asIs ? name : labelName(name);
  const reserved = WRITTEN_BY_THE_FORMAT.get(exposed);
  if ((reserved !== undefined && (verbatim !== true || reserved.includes(kind))) || name.startsWith('__')) {
    const rule = '`le`, `quantile` and names beginning with `__` are reserved';
    return [{ at, got: shown(name), rule, fix: 'rename the label' }];
  }
  if (!(asIs ? LEGAL_FOREIGN : LEGAL).test(name)) {
    const rule = 'a label name has letters and digits, single `_` or `.` between them, and begins with a letter';
    return [{ at, got: shown(name), rule, fix: 'rename the label' }];
  }
  const other = seen.get(exposed);
  seen.set(exposed, name);
  if (other === undefined) return [];
  return [
    {
      at,
      got: shown(name),
      rule: `labels have different names once exposed, and ${shown(other)} is exposed as ${shown(exposed)} too`,
      fix: 'rename or remove one of the two',
    },
  ];
}

function boundProblems(label: Label, at: string): Problem[] {
  switch (label?.kind) {
    case 'closed':
      return valueProblems(label.values, at);
    case 'capped':
    case 'identity':
      return limitProblems(label, at);
    default: {
      const rule = 'a label is bounded: closed, capped or identity';
      return [{ at, got: shown(label), rule, fix: 'use oneOf(…), capped(…) or identity(…)' }];
    }
  }
}

function valueProblems(values: readonly string[], at: string): Problem[] {
  if (values.length === 0) {
    return [{ at, got: 'no values', rule: 'a closed set has at least one value', fix: 'list the values' }];
  }
  const many = tooMany(values, 'values', at);
  if (many !== undefined) return [many];
  const problems: Problem[] = [];
  const seen = new Set<unknown>();
  for (const value of values) {
    if (Array.isArray(value)) {
      const rule = 'the values of a closed set are arguments, and a list is not one of them';
      problems.push({ at, got: shown(value), rule, fix: "write oneOf('a', 'b'), or oneOf(...list)" });
    } else if (typeof value !== 'string' || value === '') {
      const rule = 'a value is a string with at least one character, because Prometheus treats an empty label as absent';
      problems.push({ at, got: shown(value), rule, fix: 'name the value, e.g. `none`' });
    } else if (seen.has(value)) {
      problems.push({ at, got: shown(value), rule: 'a closed set lists each value once', fix: 'remove the repetition' });
    } else problems.push(...illFormed(value, at));
    seen.add(value);
  }
  return problems;
}

function limitProblems({ limit, other, maxBytes, optional }: Exclude<Label, ClosedLabel<LabelValue>>, at: string): Problem[] {
  const problems: Problem[] = [];
  if (!Number.isSafeInteger(limit) || limit < 1) {
    const rule = 'a limit is a whole number of at least 1';
    problems.push({ at: `${at}.limit`, got: shown(limit), rule, fix: 'give the number of values to show' });
  }
  if (typeof other !== 'string' || other === '') {
    const rule = 'the excess is aggregated into a value with at least one character';
    problems.push({ at: `${at}.other`, got: shown(other), rule, fix: 'name it, e.g. `other`' });
  }
  problems.push(...illFormed(other, `${at}.other`));
  if (!Number.isSafeInteger(maxBytes) || maxBytes < LEAST_BYTES) {
    const rule = `a value may have a whole number of bytes of at least ${LEAST_BYTES}`;
    problems.push({ at: `${at}.maxBytes`, got: shown(maxBytes), rule, fix: 'raise it or leave it out' });
  } else if (typeof other === 'string' && Buffer.byteLength(other) > maxBytes) {
    const rule = `the value into which the excess is aggregated has at most ${maxBytes} bytes, as every other`;
    problems.push({ at: `${at}.other`, got: shown(other), rule, fix: 'shorten it, or raise `maxBytes`' });
  }
  if (typeof optional !== 'boolean') {
    problems.push({
      at: `${at}.optional`,
      got: shown(optional),
      rule: 'the value is true or false',
      fix: 'give true or false, or leave it out',
    });
  }
  return problems;
}
