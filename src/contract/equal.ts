/** Compares two contracts and finds their first difference. */

import { shown } from '../errors/shown.ts';
import { metricToJson, toJson } from './json.ts';
import type { Contract, Metric } from './metric.ts';

/**
 * The first difference between two contracts, with its place and both values, e.g.
 * `runwisp.metrics.runs.help: "Runs." here, "Finished runs." there`. Undefined if they are equal. The order of metrics and labels counts, because
 * exposition keeps it; other orders do not.
 */
export function difference(a: Contract, b: Contract): string | undefined {
  if (a === b) return undefined;
  return differing(toJson(a), toJson(b), a.name);
}

/** Whether two metrics are declared alike. */
export function isSameMetric(a: Metric, b: Metric): boolean {
  return a === b || differing(metricToJson(a), metricToJson(b), a.series) === undefined;
}

const ORDERED = /\.(metrics|labels)$/;

function differing(a: unknown, b: unknown, at: string): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (!isRecord(a) || !isRecord(b) || Array.isArray(a) !== Array.isArray(b)) return `${at}: ${shownValue(a)} here, ${shownValue(b)} there`;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    const found = differing(a[key], b[key], Array.isArray(a) ? `${at}[${key}]` : `${at}.${key}`);
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
