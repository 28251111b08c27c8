/** The kinds of values in a configuration. */
import { resolve } from 'node:path';
import { type Secret, secret as secretOf } from '../src/access.ts';

export interface Kind<T> {
  /**
   * Undefined for a value that breaks the rule. `at` is the user's name for it; its paths start from `folder`.
   * @throws MeterbridgeError with problems that are more precise than the rule
   */
  read(value: unknown, at: string, folder: string): T | undefined;
  readonly rule: string;
  readonly fix: string;
  /** The value is never shown. */
  readonly secret?: boolean;
  /** Digits on the command line or in a variable mean a number. */
  readonly numeric?: boolean;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

export const text: Kind<string> = {
  read: (value) => (isText(value) ? value : undefined),
  rule: 'this is a string that is not empty',
  fix: 'write it in quotes',
};

/** Absolute. */
export const path: Kind<string> = { ...text, read: (value, _at, folder) => (isText(value) ? resolve(folder, value) : undefined) };

export const secret: Kind<Secret> = {
  ...text,
  read: (value, at) => (typeof value === 'string' ? secretOf(value, at) : undefined),
  secret: true,
};

export function number(rule: string, fix: string, fits: (value: number) => boolean): Kind<number> {
  return { read: (value) => (typeof value === 'number' && fits(value) ? value : undefined), rule, fix, numeric: true };
}

/** `kind`, and what is made of it. */
export function as<T, U>(kind: Kind<T>, make: (value: T) => U): Kind<U> {
  return {
    ...kind,
    read(...given) {
      const value = kind.read(...given);
      return value === undefined ? undefined : make(value);
    },
  };
}

/** `otherwise`: the host's default. */
export function port(otherwise: number) {
  const rule = 'a port is a whole number from 0 (any free one) to 65535';
  const fits = (value: number) => Number.isInteger(value) && value >= 0 && value <= 65_535;
  return { ...number(rule, `write e.g. ${otherwise}`, fits), otherwise };
}

export const count = number('this is a whole number above 0', 'write e.g. 100', (value) => Number.isInteger(value) && value > 0);

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds. */
export const duration: Kind<number> = {
  read(value) {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(value)) ?? [];
    const ms = Number(amount) * (unitsMs[unit ?? ''] ?? Number.NaN);
    return ms >= 1 ? Math.round(ms) : undefined;
  },
  rule: 'a duration is a number with ms, s, m, h or d, and at least 1 ms',
  fix: 'write e.g. "30s"',
};
