import { durationMs, durationText } from '../duration.ts';
import { placeOf, refuse } from './refuse.ts';
import { textOf, wholeOf } from './scalars.ts';
import type { Findings, ReadValue, Schema } from './schema.ts';
import { valueSchema } from './value.ts';

export interface DurationOptions {
  /** The default as the user would write it: `5m`. Absent: the key is required. */
  readonly default?: string;
  /** The minimum, as the user would write it. Default: `0s`. */
  readonly min?: string;
  /** Rejects a whole number without a unit, except 0. Default: false. */
  readonly unitRequired?: boolean;
}

const nanosecondsPerMs = 1e6;

/**
 * A duration in Go's format, in milliseconds. A bare whole number is nanoseconds, as in the Collector; one that is not 0 has a
 * warning.
 */
export function duration(options: DurationOptions = {}): Schema<number> {
  const byDefault = options.default === undefined ? undefined : durationMs(options.default);
  const least = options.min === undefined ? 0 : (durationMs(options.min) ?? 0);
  const example = `write it as ${byDefault === undefined || byDefault === 0 ? '30s' : options.default}`;
  const rule = `it is a duration of at least ${options.min ?? '0s'}, with its unit`;
  function read(given: ReadValue, findings: Findings) {
    const ms = msOf(given, findings, options.unitRequired ?? false);
    return ms === undefined || ms >= least
      ? ms
      : refuse(given, findings, JSON.stringify(textOf(given.tree) ?? String(ms)), rule, example);
  }
  return valueSchema({ type: 'duration', zero: 0, rule, example, read, print: durationText }, byDefault);
}

function msOf(given: ReadValue, findings: Findings, unitRequired: boolean): number | undefined {
  const { tree, keys } = given;
  if (tree.kind === 'scalar' && typeof tree.value === 'number') {
    if (unitRequired && tree.value !== 0) return undefined;
    const nanoseconds = wholeOf(given, findings) ?? 0;
    const warning = `${nanoseconds} without a unit means nanoseconds; write ${nanoseconds}ns, or the unit that you mean`;
    if (nanoseconds > 0) findings.warnings.push(`${placeOf(tree.at, keys)}: ${warning}`);
    return Number.isFinite(nanoseconds) ? nanoseconds / nanosecondsPerMs : undefined;
  }
  const text = textOf(tree);
  return text === undefined ? undefined : durationMs(text);
}
