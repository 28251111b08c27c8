/** The rule of one label, with the values that count towards its limit now. */
import type { Label, Metric } from '../../../core/contract/metric.ts';
import type { Refusal } from '../refusals.ts';
import type { HeldValues } from './held-values.ts';
import { mark } from './label-text.ts';

export interface LabelRule {
  /** Returns the value to record: the same, or the one into which it is aggregated. */
  pass(value: string): string | { readonly refused: Refusal };
  /**
   * Checks a value as the caller passed it, which saves making its recorded string. Undefined where the result depends on that
   * string: a held value may be what others become, e.g. long ones.
   */
  passUnread(value: string): ReturnType<LabelRule['pass']> | undefined;
  /** A series with this value was added. */
  hold(value: string): void;
  /** A series with this value was removed. */
  release(value: string): void;
  /** Frees the whole limit, as if nothing had been recorded. */
  clear(): void;
  /** All series have left the index. */
  releaseAll(): void;
}

const foreign = Object.freeze({ refused: 'label_value' });
const full = Object.freeze({ refused: 'identity_limit' });

/** `identities`: the values of this label's series, used if it is an identity. */
export function createLabelRule(label: Label, metric: Metric, identities: HeldValues): LabelRule {
  if (label.kind === 'closed') {
    const values: ReadonlySet<string> = new Set(label.values);
    return {
      pass: (value) => (values.has(value) ? value : foreign),
      passUnread: (value) => (values.has(value) ? value : foreign),
      hold: () => {},
      release: () => {},
      clear: () => {},
      releaseAll: () => {},
    };
  }
  const identity = label.kind === 'identity';
  const held = identity ? identities : keptValues();
  // The sum of several gauges is not a meaningful value of any of them.
  const refuses = identity && (metric.kind === 'gauge' || metric.kind === 'info');
  const foldsInto = refuses ? undefined : label.other;
  let holdsMade = mayBeMade(label.other);
  return {
    passUnread(value) {
      if (held.has(value)) return value;
      return holdsMade || held.size < label.limit || value === foldsInto ? undefined : (foldsInto ?? full);
    },
    pass(value) {
      if (held.has(value) || held.size < label.limit || value === foldsInto) return value;
      return foldsInto ?? full;
    },
    hold(value) {
      holdsMade ||= mayBeMade(value);
      if (value !== foldsInto) held.hold(value);
    },
    release(value) {
      if (value !== foldsInto) held.release(value);
    },
    clear: () => held.clear(),
    releaseAll() {
      if (identity) held.clear();
    },
  };
}

/** The limit of a value, in bytes of UTF-8; undefined for a closed set, which accepts exactly its declared values. */
export function maxBytesOf(label: Label): number | undefined {
  return label.kind === 'closed' ? undefined : label.maxBytes;
}

/** Whether another value may have become this one (`label-text.ts`). */
function mayBeMade(value: string): boolean {
  return value.includes(mark) || value.includes('\ufffd');
}

/** The values of a capped set stay: a value that counted as `other` before must not get its own name later. */
function keptValues(): HeldValues {
  const values = new Set<string>();
  return {
    get size() {
      return values.size;
    },
    has: (value) => values.has(value),
    hold: (value) => void values.add(value),
    release: () => {},
    clear: () => values.clear(),
  };
}
