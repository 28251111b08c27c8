/** The rules that a single sample must follow. */
import type { Kind } from '../../../core/naming/kind.ts';
import type { TextFormat } from '../format.ts';
import type { FindingId } from './findings.ts';
import { type Fault, faultOf, type ParsedSample } from './parsed.ts';
import { numberOf } from './scan.ts';

const neverNaN = new Set(['_total', '_sum', '_count', '_bucket', '_gcount', '_gsum']);
const neverNegative = new Set(['_total', '_sum', '_count', '_bucket', '_gcount']);
/** A line may be long, and have many faults. */
const longestText = 500;
const wholeNumber = new Set(['_bucket', '_count', '_gcount']);

export function checkSample(family: string, kind: Kind | undefined, sample: ParsedSample, format: TextFormat): Fault | undefined {
  const suffix = sample.name.length === family.length ? '' : sample.name.slice(family.length);
  return (
    checkLabels(family, kind, suffix, sample, format) ?? (format === 'openmetrics' ? checkValue(kind, suffix, sample) : undefined)
  );
}

function checkLabels(
  family: string,
  kind: Kind | undefined,
  suffix: string,
  sample: ParsedSample,
  format: TextFormat,
): Fault | undefined {
  const label = (name: string): string | undefined => sample.labels.find(([key]) => key === name)?.[1];
  const strict = format === 'openmetrics';
  if (suffix === '_bucket') {
    const le = boundary(label('le'), strict);
    if (le === undefined || Number.isNaN(le)) return fault(sample, 'bucket-bound');
  }
  if (kind === 'summary' && suffix === '') {
    const quantile = boundary(label('quantile'), strict);
    if (quantile === undefined || !(quantile >= 0 && quantile <= 1)) {
      return fault(sample, 'summary-quantile');
    }
  }
  if (kind === 'stateset' && label(family) === undefined)
    return fault(sample, 'state-label', `a stateset has a label named ${family}`);
  return undefined;
}

/** The number in `le` and `quantile`; OpenMetrics allows a single spelling of infinity. */
function boundary(text: string | undefined, canonicalInfinity: boolean): number | undefined {
  const value = text === undefined ? undefined : numberOf(text);
  return canonicalInfinity && value === Infinity && text !== '+Inf' ? undefined : value;
}

function checkValue(kind: Kind | undefined, suffix: string, sample: ParsedSample): Fault | undefined {
  const { value } = sample;
  if (wholeNumber.has(suffix) && !Number.isInteger(value)) return fault(sample, 'value-whole');
  if (neverNaN.has(suffix) && Number.isNaN(value)) return fault(sample, 'value-nan');
  if (neverNegative.has(suffix) && value < 0) {
    return fault(sample, 'value-negative');
  }
  if (kind === 'stateset' && value !== 0 && value !== 1) return fault(sample, 'state-value');
  if (kind === 'info' && value !== 1) return fault(sample, 'info-value');
  if (kind === 'summary' && suffix === '' && value < 0) return fault(sample, 'summary-negative');
  if (sample.exemplar !== undefined && !mayHaveExemplar(kind, suffix)) {
    return fault(sample, 'exemplar-place');
  }
  return undefined;
}

function mayHaveExemplar(kind: Kind | undefined, suffix: string): boolean {
  if (suffix === '_bucket') return kind === 'histogram' || kind === 'gaugehistogram';
  return suffix === '_total' && kind === 'counter';
}

function fault(sample: ParsedSample, id: FindingId, rule?: string): Fault {
  return faultOf(id, 1, seriesText(sample), rule === undefined ? {} : { rule });
}

/** A sample as a message shows it. */
export function seriesText(sample: ParsedSample): string {
  const text = wholeText(sample);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

function wholeText(sample: ParsedSample): string {
  const labels = sample.labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',');
  return `${sample.name}${labels === '' ? '' : `{${labels}}`} ${sample.value}`;
}
