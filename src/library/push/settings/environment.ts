/**
 * Reads `OTEL_*` variables as the OpenTelemetry specification requires: an empty value counts as unset, and an unreadable value
 * is reported and then ignored. Values of headers and URLs never appear in a message.
 */

import { maxDelayMs } from '../../../core/node/within.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Writes a line to the operator's log. */
export type Warn = (line: string) => void;

/** A variable that is set, and its name. */
export interface Setting<T> {
  readonly at: string;
  readonly value: T;
}

const prefix = 'OTEL_EXPORTER_OTLP_';

/** The trimmed value of a variable; an empty one is unset. */
export function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** The variable for one signal overrides the one for all: `OTEL_EXPORTER_OTLP_METRICS_X`, then `OTEL_EXPORTER_OTLP_X`. */
export function otlpNames(name: string): readonly [string, string] {
  return [`${prefix}METRICS_${name}`, `${prefix}${name}`];
}

/** The first of these variables that is set. */
export function firstText(env: Environment, names: readonly string[]): Setting<string> | undefined {
  for (const at of names) {
    const value = text(env, at);
    if (value !== undefined) return { at, value };
  }
  return undefined;
}

/** Only `true`, in any case, is true. */
export function isTrue(env: Environment, name: string): boolean {
  return text(env, name)?.toLowerCase() === 'true';
}

/** The first of these variables that holds a duration in milliseconds; others are reported and ignored. */
export function firstDelay(env: Environment, names: readonly string[], fallback: number, warn: Warn): number {
  for (const name of names) {
    const value = text(env, name);
    if (value === undefined) continue;
    const delay = Number(value);
    if (delay > 0 && delay <= maxDelayMs) return delay;
    warn(`${name}: got ${JSON.stringify(value)}; it must be a number of milliseconds from 1 to ${maxDelayMs}. It is ignored.`);
  }
  return fallback;
}

export interface Pair {
  readonly key: string;
  readonly value: string;
  /** The position, from 1. */
  readonly position: number;
}

/** `k=v,k2=v2`, percent-encoded. `bad` receives the number of an unreadable pair, from 1, and not its value. */
export function pairs(value: string, bad: (position: number, reason: string) => void): Pair[] {
  const result: Pair[] = [];
  for (const [index, pair] of value.split(',').entries()) {
    if (pair.trim() === '') continue;
    const split = pair.indexOf('=');
    const key = split < 0 ? '' : pair.slice(0, split).trim();
    if (key === '') {
      bad(index + 1, 'is not written key=value');
      continue;
    }
    try {
      result.push({ key: decodeURIComponent(key), value: decodeURIComponent(pair.slice(split + 1).trim()), position: index + 1 });
    } catch {
      bad(index + 1, 'is not valid percent-encoding');
    }
  }
  return result;
}
