/** The rules that a single sample must follow. */
import type { Kind } from '../../naming/kind.ts';
import type { TextFormat } from '../format.ts';
import type { Fault, ParsedSample } from './parsed.ts';
import { numberOf } from './scan.ts';

const neverNaN = new Set(['_total', '_sum', '_count', '_bucket', '_gcount', '_gsum']);
const neverNegative = new Set(['_total', '_sum', '_count', '_bucket', '_gcount']);
const wholeNumber = new Set(['_bucket', '_count', '_gcount']);

export function checkSample(family: string, kind: Kind | undefined, sample: ParsedSample, format: TextFormat): Fault | undefined {
  const suffix = sample.name.slice(family.length);
  return checkLabels(family, kind, suffix, sample, format) ?? (format === 'openmetrics' ? checkValue(kind, suffix, sample) : undefined);
}

function checkLabels(family: string, kind: Kind | undefined, suffix: string, sample: ParsedSample, format: TextFormat): Fault | undefined {
  const label = (name: string): string | undefined => sample.labels.find(([key]) => key === name)?.[1];
  const strict = format === 'openmetrics';
  if (suffix === '_bucket') {
    const le = boundary(label('le'), strict);
    if (le === undefined || Number.isNaN(le))
      return fault(sample, 'a bucket has a label le with its upper bound', 'write a number, or +Inf');
  }
  if (kind === 'summary' && suffix === '') {
    const quantile = boundary(label('quantile'), strict);
    if (quantile === undefined || !(quantile >= 0 && quantile <= 1)) {
      return fault(sample, 'a sample with the name of its summary has a label quantile from 0 to 1', 'add or correct it');
    }
  }
  if (kind === 'stateset' && label(family) === undefined) return fault(sample, `a stateset has a label named ${family}`, 'add it');
  return undefined;
}

/** The number in `le` and `quantile`; OpenMetrics allows a single spelling of infinity. */
function boundary(text: string | undefined, canonicalInfinity: boolean): number | undefined {
  const value = text === undefined ? undefined : numberOf(text);
  return canonicalInfinity && value === Infinity && text !== '+Inf' ? undefined : value;
}

function checkValue(kind: Kind | undefined, suffix: string, sample: ParsedSample): Fault | undefined {
  const { value } = sample;
  if (wholeNumber.has(suffix) && !Number.isInteger(value))
    return fault(sample, 'buckets and counts are whole numbers', 'correct the value');
  if (neverNaN.has(suffix) && Number.isNaN(value)) return fault(sample, 'counters, counts, sums and buckets are never NaN', 'leave it out');
  if (neverNegative.has(suffix) && value < 0) {
    return fault(sample, 'counters, counts, sums and buckets are never negative', 'use a gauge, or correct the value');
  }
  if (kind === 'stateset' && value !== 0 && value !== 1) return fault(sample, 'a state is 0 or 1', 'correct the value');
  if (kind === 'info' && value !== 1) return fault(sample, 'an info is always 1', 'write 1');
  if (kind === 'summary' && suffix === '' && value < 0) return fault(sample, 'quantile values are never negative', 'correct the value');
  if (sample.exemplar !== undefined && !mayHaveExemplar(kind, suffix)) {
    return fault(sample, 'only counters and buckets have exemplars', 'remove it');
  }
  return undefined;
}

function mayHaveExemplar(kind: Kind | undefined, suffix: string): boolean {
  if (suffix === '_bucket') return kind === 'histogram' || kind === 'gaugehistogram';
  return suffix === '_total' && kind === 'counter';
}

function fault(sample: ParsedSample, rule: string, fix: string): Fault {
  return { column: 1, rule, got: seriesText(sample), fix };
}

/** A sample as a message shows it. */
export function seriesText(sample: ParsedSample): string {
  const labels = sample.labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',');
  return `${sample.name}${labels === '' ? '' : `{${labels}}`} ${sample.value}`;
}
