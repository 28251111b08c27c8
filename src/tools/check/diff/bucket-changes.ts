/** Bounds, exponential buckets and quantiles. */
import type { Exponential, Metric } from '../../../core/contract/index.ts';
import type { Recorder } from './recorder.ts';

/** Two bounds closer than this are one that was rescaled. */
const tolerance = 1e-9;

export function bucketChanges(from: Metric, to: Metric, factor: number | undefined, recorder: Recorder): void {
  boundChanges(from.bounds, to.bounds, factor ?? 1, recorder);
  exponentialChanges(from.exponential, to.exponential, recorder);
  quantileChanges(from.quantiles ?? [], to.quantiles ?? [], recorder);
}

function boundChanges(old: readonly number[], next: readonly number[], factor: number, recorder: Recorder): void {
  if (old.length === 0 || next.length === 0) {
    if (old.length === next.length) return;
    const shown = { from: old.length === 0 ? undefined : old.join(', '), to: next.length === 0 ? undefined : next.join(', ') };
    recorder.add(old.length === 0 ? 'buckets-added' : 'buckets-removed', { at: 'bounds', ...shown });
    return;
  }
  const rescaled = factor === 1 ? old : old.map((bound) => next.find((other) => isNear(other, bound * factor)) ?? bound * factor);
  if (factor !== 1) recorder.add('bounds-rescaled', { at: 'bounds', from: old.join(', '), to: rescaled.join(', ') });
  const [had, has] = [new Set(rescaled), new Set(next)];
  for (const [index, bound] of rescaled.entries()) {
    const name = String(old[index]);
    if (!has.has(bound)) recorder.add('bound-removed', { at: 'bounds', which: name, from: name });
  }
  for (const bound of next) {
    if (!had.has(bound)) recorder.add('bound-added', { at: 'bounds', which: String(bound), to: String(bound) });
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.abs(b);
}

function exponentialChanges(old: Exponential | undefined, next: Exponential | undefined, recorder: Recorder): void {
  const at = 'exponential';
  if (old === undefined || next === undefined) {
    if (old === next) return;
    const shown = {
      from: old === undefined ? undefined : exponentialText(old),
      to: next === undefined ? undefined : exponentialText(next),
    };
    recorder.add(old === undefined ? 'exponential-added' : 'exponential-removed', { at, ...shown });
  }
  for (const key of ['maxSize', 'maxScale'] as const) {
    const [before, after] = [old?.[key], next?.[key]];
    if (before === undefined || after === undefined || before === after) continue;
    const facts = { at: `${at}.${key}`, which: key, from: String(before), to: String(after) };
    recorder.add(after < before ? 'resolution-lowered' : 'resolution-raised', facts);
  }
  textBucketChange(old?.textBuckets, next?.textBuckets, recorder);
}

function textBucketChange(old: number | undefined, next: number | undefined, recorder: Recorder): void {
  if (old === next) return;
  const facts = { at: 'exponential.textBuckets', from: old?.toString(), to: next?.toString() };
  if (old === undefined) recorder.add('text-buckets-added', facts);
  else recorder.add(next === undefined ? 'text-buckets-removed' : 'text-buckets-changed', facts);
}

function exponentialText({ maxSize, maxScale }: Exponential): string {
  return `maxSize ${maxSize}, maxScale ${maxScale}`;
}

function quantileChanges(old: readonly number[], next: readonly number[], recorder: Recorder): void {
  for (const quantile of old) {
    const name = String(quantile);
    if (!next.includes(quantile)) recorder.add('quantile-removed', { at: 'quantiles', which: name, from: name });
  }
  for (const quantile of next) {
    const name = String(quantile);
    if (!old.includes(quantile)) recorder.add('quantile-added', { at: 'quantiles', which: name, to: name });
  }
}
