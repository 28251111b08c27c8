/** Two real Prometheus servers, one with the old daemon's samples and one with the new one's, and whether they find the same. */
import type { TestContext } from 'node:test';
import { prometheusWith } from '../blocks.ts';
import { end, pages, start } from './samples.ts';

/** Sorted labels without the metric's name → time and value, at each step. Undefined: the server refuses the expression. */
export type Found = ReadonlyMap<string, readonly (readonly [time: number, value: string])[]> | undefined;

export interface Servers {
  old(expression: string): Promise<Found>;
  now(expression: string): Promise<Found>;
}

export async function startServers(t: TestContext, prometheus: string, promtool: string): Promise<Servers> {
  const { old, now } = pages();
  const [first, second] = await Promise.all([holding(t, prometheus, promtool, old), holding(t, prometheus, promtool, now)]);
  return { old: first, now: second };
}

async function holding(
  t: TestContext,
  prometheus: string,
  promtool: string,
  page: string,
): Promise<(expression: string) => Promise<Found>> {
  const server = await prometheusWith(t, prometheus, promtool, page);
  return (expression) => ask(server.url, expression);
}

/** At every step of 90 s, from where the longest range of an expression has samples. */
export async function ask(url: string, query: string): Promise<Found> {
  const body = new URLSearchParams({ query, start: String(start + 600), end: String(end), step: '90' });
  const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
  const text = await response.text();
  if (response.status === 400 || response.status === 422) return undefined;
  if (response.status !== 200) throw new Error(`Prometheus answers ${response.status} to ${query}: ${text}`);
  const { data } = JSON.parse(text) as { data: { result: Series[] } };
  const found = new Map<string, (readonly [number, string])[]>();
  for (const { metric, values = [], histograms = [] } of data.result) {
    const { __name__: _, ...labels } = metric;
    const key = JSON.stringify(Object.entries(labels).sort());
    // Two metrics may have the same labels.
    const others = [...found.keys()].filter((other) => other.startsWith(key)).length;
    found.set(others === 0 ? key : `${key} ${others}`, [...values, ...histograms.flatMap(numbersOf)]);
  }
  return found;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [time: number, value: string])[];
  readonly histograms?: readonly (readonly [time: number, histogram: Histogram])[];
}

interface Histogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [rule: number, from: string, to: string, count: string])[];
}

/** A native histogram is all of its numbers. */
function numbersOf([time, { count, sum, buckets = [] }]: readonly [number, Histogram]): (readonly [number, string])[] {
  return [count, sum, ...buckets.flat()].map((value) => [time, String(value)] as const);
}

/** The first difference; undefined: there is none. */
export function differenceOf(old: Found, now: Found): string | undefined {
  if (old === undefined || now === undefined)
    return old === now ? undefined : `${old === undefined ? 'the old' : 'the new'} one is refused`;
  for (const key of now.keys()) if (!old.has(key)) return `new only: ${key}`;
  for (const [key, values] of old) {
    const others = now.get(key);
    if (others === undefined) return `old only: ${key}`;
    if (values.length !== others.length) return `${key} has ${values.length} values, then ${others.length}`;
    for (const [index, [time, value]] of values.entries()) {
      const [otherTime, other] = others[index] ?? [];
      if (time !== otherTime || !isEqual(Number(value), Number(other)))
        return `${key} at ${time}: ${value}, then ${other} at ${otherTime}`;
    }
  }
  return undefined;
}

function isEqual(one: number, other: number): boolean {
  if (Object.is(one, other) || one === other) return true;
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(other));
}
