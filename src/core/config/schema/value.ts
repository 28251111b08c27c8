import { got, refuse } from './refuse.ts';
import { type Findings, type Plain, type ReadValue, type Schema, type Wrong, wrong } from './schema.ts';

/** The default of a key, as the user would write it. Absent: the key is required. */
export interface Default<T> {
  readonly default?: T;
}

export interface ValueRule<T> {
  /** The name of the type in documentation. */
  readonly type: string;
  /** E.g. `write 30s`. */
  readonly example: string;
  /** Undefined: not such a value. May report problems of its own, and returns `wrong` then. */
  read(given: ReadValue, findings: Findings): T | Wrong | undefined;
  /** Completes "it is …" where `read` returns undefined. */
  readonly rule: string;
  /** @param unredacted with what is secret in it */
  print(value: T, unredacted: boolean): Plain;
  /** What an empty value stands for in the Collector's file; undefined: the default. */
  readonly zero?: string | number | boolean;
  /** Values are never shown. */
  readonly secret?: boolean;
}

/** A schema for one value, with a default or required. A null stands for nothing, or for the default. */
export function valueSchema<T>(rule: ValueRule<T>, byDefault?: NoInfer<T> | undefined): Schema<T> {
  const required = byDefault === undefined;
  function absent(given: ReadValue, findings: Findings): T | Wrong {
    return required ? refuse(given, findings, 'nothing', `it is required: ${rule.rule}`, rule.example) : byDefault;
  }
  return Object.freeze({
    type: rule.type,
    required,
    byDefault: required ? undefined : rule.print(byDefault, true),
    absent,
    read(written: ReadValue, findings: Findings): T | Wrong {
      if (written.tree.kind === 'nothing' && written.tree.broken) return wrong;
      const given = filled(written, rule.zero);
      if (given.tree.kind === 'nothing') return absent(given, findings);
      const value = rule.read(given, findings);
      return value ?? refuse(given, findings, rule.secret ? '[redacted]' : got(given.tree), rule.rule, rule.example);
    },
    print: (value: T, unredacted: boolean) => (rule.secret && !unredacted ? '[REDACTED]' : rule.print(value, unredacted)),
  });
}

function filled({ tree, keys }: ReadValue, zero: string | number | boolean | undefined): ReadValue {
  if (tree.kind !== 'nothing' || !tree.zero || zero === undefined) return { tree, keys };
  const value = typeof zero === 'string' ? (tree.text ?? zero) : zero;
  return { tree: { kind: 'scalar', at: tree.at, value, text: String(value), alsoText: false }, keys };
}
