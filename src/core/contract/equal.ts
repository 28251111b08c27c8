/** Compares two contracts and finds their first difference. */

import { shown } from '../errors/shown.ts';
import { metricToJson, toJson } from './json.ts';
import { constantValue } from './labels.ts';
import type { Contract, Metric } from './metric.ts';

/**
 * The first difference between two contracts, with its place and both values, e.g.
 * `runwisp.metrics.runs.help: "Runs." here, "Finished runs." there`. Undefined if they are equal. The order of metrics and labels
 * counts, because exposition keeps it; other orders do not.
 */
export function difference(a: Contract, b: Contract): string | undefined {
  if (a === b) return undefined;
  return differing(toJson(a), toJson(b), a.name) ?? differing(valuesIn(a), valuesIn(b), a.name, 'both');
}

/** Whether two metrics are declared alike. */
export function isSameMetric(a: Metric, b: Metric): boolean {
  if (a === b) return true;
  const [one, other] = [valuesOf(a), valuesOf(b)];
  return (differing(metricToJson(a), metricToJson(b), a.series) ?? differing(one, other, a.series, 'both')) === undefined;
}

/**
 * What JSON leaves out: the values that programs give to parameters. A contract that was read from JSON has none, and is equal to
 * each program's.
 */
function valuesIn({ metrics }: Contract): object {
  return { metrics: Object.fromEntries(Object.entries(metrics).map(([key, metric]) => [key, valuesOf(metric)])) };
}

function valuesOf({ constantLabels }: Metric): object {
  return {
    constantLabels: Object.fromEntries(Object.entries(constantLabels).map(([name, label]) => [name, constantValue(label)])),
  };
}

const ORDERED = /\.(metrics|labels)$/;

/** `both`: what only one of them has makes no difference. */
function differing(a: unknown, b: unknown, at: string, where?: 'both'): string | undefined {
  if (Object.is(a, b) || (where === 'both' && (a === undefined || b === undefined))) return undefined;
  if (!isRecord(a) || !isRecord(b) || Array.isArray(a) !== Array.isArray(b))
    return `${at}: ${shownValue(a)} here, ${shownValue(b)} there`;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    const found = differing(a[key], b[key], Array.isArray(a) ? `${at}[${key}]` : `${at}.${key}`, where);
    if (found !== undefined) return found;
  }
  const [here, there] = [Object.keys(a).join(', '), Object.keys(b).join(', ')];
  return ORDERED.test(at) && here !== there ? `${at}: in the order ${here} here, ${there} there` : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shownValue(value: unknown): string {
  return value === undefined ? 'nothing' : shown(value);
}
