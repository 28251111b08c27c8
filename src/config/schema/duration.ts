import { durationMs, durationText } from '../duration.ts';
import { placeOf, refuse } from './refuse.ts';
import { textOf } from './scalars.ts';
import type { Findings, Given, Schema } from './schema.ts';
import { valueSchema } from './value.ts';

export interface DurationOptions {
  /** As the user would write it: `5m`. Absent: the key is required. */
  readonly default?: string;
  /** As the user would write it. Default: `0s`. */
  readonly min?: string;
}

const nanosecondsPerMs = 1e6;

/** A duration in Go's format, in milliseconds. A bare whole number is nanoseconds, as in the Collector; one that is not 0 has a warning. */
export function duration(options: DurationOptions = {}): Schema<number> {
  const least = options.min === undefined ? 0 : (durationMs(options.min) ?? 0);
  const example = `write it with its unit, as ${options.default ?? '30s'}`;
  const rule = `it is a duration of at least ${options.min ?? '0s'}`;
  function read(given: Given, findings: Findings) {
    const ms = msOf(given, findings);
    return ms === undefined || ms >= least ? ms : refuse(given, findings, JSON.stringify(textOf(given.tree) ?? String(ms)), rule, example);
  }
  const byDefault = options.default === undefined ? undefined : durationMs(options.default);
  return valueSchema({ type: 'duration', rule, example, read, print: durationText }, byDefault);
}

function msOf(given: Given, findings: Findings): number | undefined {
  const { tree, keys } = given;
  if (tree.kind !== 'scalar') return undefined;
  if (typeof tree.value === 'number' && Number.isInteger(tree.value)) {
    const warning = `${placeOf(tree.at, keys)}: ${tree.value} without a unit means nanoseconds; write ${tree.value}ns, or the unit that you mean`;
    if (tree.value > 0) findings.warnings.push(warning);
    return tree.value / nanosecondsPerMs;
  }
  const text = textOf(tree);
  return text === undefined ? undefined : durationMs(text);
}
