/** One label's rule, with the values that hold a place at present. */
import type { Label, Metric } from '../contract/metric.ts';
import type { HeldValues } from './held-values.ts';
import { mark } from './label-text.ts';
import type { Refusal } from './refusals.ts';

export interface LabelRule {
  /** The value that is recorded: the same, or the one that it folds into. */
  pass(value: string): string | { readonly refused: Refusal };
  /**
   * What becomes of a value that is not held, however it is written: its text need not be made. Undefined where that depends on the text; a value
   * that is held may be the text of others, e.g. of long ones.
   */
  passUnread(value: string): ReturnType<LabelRule['pass']> | undefined;
  /** A series with this value comes. */
  hold(value: string): void;
  /** A series with this value has gone. */
  release(value: string): void;
  /** All places are free, as if nothing had ever come. */
  clear(): void;
}

const foreign = Object.freeze({ refused: 'label_value' });
const full = Object.freeze({ refused: 'identity_limit' });

/** `identities`: the values that series of this label have, should it be an identity. */
export function createLabelRule(label: Label, metric: Metric, identities: HeldValues): LabelRule {
  if (label.kind === 'closed') {
    const values: ReadonlySet<string> = new Set(label.values);
    return {
      pass: (value) => (values.has(value) ? value : foreign),
      passUnread: (value) => (values.has(value) ? value : foreign),
      hold: () => {},
      release: () => {},
      clear: () => {},
    };
  }
  const identity = label.kind === 'identity';
  const held = identity ? identities : keptValues();
  // A gauge of several things added up tells nothing true of any of them.
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
  };
}

/** Of a value's bytes of UTF-8; undefined: a closed set has the values it declares, whatever they are. */
export function maxBytesOf(label: Label): number | undefined {
  return label.kind === 'closed' ? undefined : label.maxBytes;
}

/** Whether it may be what a value was made into (`label-text.ts`). */
function mayBeMade(value: string): boolean {
  return value.includes(mark) || value.includes('\ufffd');
}

/** The values of a capped set keep their place: the next one must not take over a name that stood for `other` before. */
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
