/** What Prometheus makes of a counter over its whole life, restarts included. */
import assert from 'node:assert/strict';
import { until } from '../until.ts';
import type { Prometheus } from './prometheus.ts';

/** From the first to the last sample there is nothing to extrapolate but the millisecond by which the window is longer. */
const extrapolated = 0.001;
/** Of sums of floating point numbers. */
const rounding = 1e-9;

/** Waits until the newest scrape has the value. */
export async function shows(prometheus: Prometheus, promql: string, value: number): Promise<void> {
  await until(`${promql} is ${value}`, async () => Number((await prometheus.query(promql))[0]?.value ?? Number.NaN) === value);
}

/**
 * `increase()` from the first sample to the last, and the rises between the samples added up by hand; a fall is a start from 0.
 */
export async function assertIncrease(prometheus: Prometheus, selector: string, expected: number): Promise<void> {
  const samples = await prometheus.samples(selector);
  const [from, to] = [samples[0]?.[0] ?? 0, samples.at(-1)?.[0] ?? 0];
  const window = `${Math.round((to - from) * 1_000) + 1}ms`;
  const [increase] = await prometheus.query(`increase(${selector}[${window}])`, to);
  const rises = samples.slice(1).map(([, value], at) => value - startOf(samples[at]?.[1] ?? 0, value));
  const risen = rises.reduce((sum, rise) => sum + rise, 0);
  const seen = JSON.stringify(samples.map(([, value]) => value));
  assert.ok(Math.abs(risen - expected) <= expected * rounding, `${selector} has risen by ${risen}, not ${expected}: ${seen}`);
  assert.ok(
    Math.abs(Number(increase?.value) - expected) <= expected * extrapolated,
    `increase(${selector}[${window}]) is ${increase?.value}, not ${expected}: ${seen}`,
  );
}

function startOf(before: number, value: number): number {
  return value < before ? 0 : before;
}

/** A total that survives: no scrape is lower than the one before. */
export async function assertNeverFalls(prometheus: Prometheus, selector: string): Promise<void> {
  const values = (await prometheus.samples(selector)).map(([, value]) => value);
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
    selector,
  );
}

/** A total in memory: exactly one scrape is lower than the one before. */
export async function assertStartsAgain(prometheus: Prometheus, selector: string): Promise<void> {
  const values = (await prometheus.samples(selector)).map(([, value]) => value);
  assert.equal(values.filter((value, at) => value < (values[at - 1] ?? 0)).length, 1, `${selector}: ${JSON.stringify(values)}`);
}
