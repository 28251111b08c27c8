/**
 * Compares texts of the debug exporter. Bounds of exponential histograms may differ in their last digits, as they do between
 * processors, and a Collector on x86-64 prints those from 2^1023.5 on as infinite.
 */
import assert from 'node:assert/strict';

const bounds = /(?<=^Bucket [[(]| le)[^\s=]+(?==|, )|(?<=^Bucket [[(]\S+, )\S+(?=[\])],)/gm;
const tolerance = { relative: 1e-14, absolute: 2 ** -1070 };

export function assertSameDebugText(actual: string, expected: string, message?: string): void {
  assert.equal(actual.replaceAll(bounds, '#'), expected.replaceAll(bounds, '#'), message);
  const [own, others] = [actual, expected].map((text) => text.match(bounds) ?? []);
  for (const [at, bound] of (own ?? []).entries())
    assert.ok(isNear(bound, others?.[at] ?? ''), `${bound} is not near ${others?.[at]}`);
}

function isNear(one: string, other: string): boolean {
  const [a, b] = [numberOf(one), numberOf(other)];
  // The form with six digits behind the point is rounded there.
  const absolute = /\.\d{6}$/.test(one) ? 1.1e-6 : tolerance.absolute;
  return a === b || Math.abs(a - b) <= Math.max(absolute, tolerance.relative * Math.abs(b));
}

function numberOf(text: string): number {
  const number = Number(text.replace('Inf', 'Infinity'));
  return Math.abs(number) >= 2 ** 1023.4 ? Math.sign(number) * Number.POSITIVE_INFINITY : number;
}
