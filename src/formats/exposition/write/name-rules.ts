/** How the names of families and labels are written in a renderer's expositions. */
import { joinedPairs, labelName, legalName, type OnJoined, type Pair } from '../../../core/naming/index.ts';
import type { FamilySpec } from '../../../core/store/index.ts';
import { type Escaping, escapedLabel, escapedName } from '../escaping.ts';
import { quotedLabel } from './bytes/escape.ts';

export interface NameRules {
  family(name: string): string;
  /** As it is written before `="`. Undefined: it may have to be changed, or another one may come out as it does. */
  label(name: string, spec: FamilySpec, reserved: ReadonlySet<string>): string | undefined;
  /** A row's labels, of which one or more are not written as `label` says. `onJoined` is called where several become one. */
  changed(pairs: readonly Pair[], reserved: ReadonlySet<string>, onJoined: OnJoined): readonly Pair[];
  /** The same for formats that are not text, where names are never quoted. */
  readonly unquoted?: NameRules;
  /** Families of different names may come out under one: their rows are shown together, equal ones once. */
  readonly merges: boolean;
}

/** Names that the label rules leave as they are, whichever rules, and `_`. */
const plainName = /^(?:_|(?:[a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9]*(?:_[a-zA-Z0-9]+)*_?)$/;

/** Every name that is legal in the formats. */
const legalLabel = /^(?:_|(?:[a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9_]*)$/;

/** Every name is made legal, as for a scraper that did not request UTF-8. */
export const legalNames: NameRules = {
  family: legalName,
  label: (name, { exposed }, reserved) =>
    (exposed === undefined ? plainName : legalLabel).test(name) && !reserved.has(name) ? name : undefined,
  changed: (pairs, reserved, onJoined) => joinedPairs(pairs, (name) => labelName(changedLabel(name, reserved)), onJoined),
  merges: false,
};

/**
 * A label with a meaning of its own would make the line invalid: it gets the prefix that Prometheus uses for such clashes, `__x`
 * one `_`.
 */
function changedLabel(name: string, reserved: ReadonlySet<string>): string {
  const label = labelName(name);
  if (label.startsWith('__')) return label.slice(1);
  return reserved.has(label) ? `exported_${label}` : name;
}

/** Names of labels whose escaped forms are known: rows with others take longer to write. */
const mostLabels = 10_000;

/** Names are any UTF-8, and no label has a name that its family reserves: quoted, or escaped. */
export function escapedNames(escaping: Escaping): NameRules {
  if (escaping === 'allow-utf-8') {
    const unquoted: NameRules = { family: (name) => name, label: (name) => name, changed: (pairs) => pairs, merges: false };
    return { ...unquoted, label: quotedLabel, unquoted };
  }
  /** The label that was first to be written so. */
  const firsts = new Map<string, string>();
  return {
    family: (name) => escapedName(name, escaping),
    label(name) {
      const label = escapedLabel(name, escaping);
      const first = firsts.get(label);
      if (first !== undefined) return first === name ? label : undefined;
      if (firsts.size >= mostLabels) return undefined;
      firsts.set(label, name);
      return label;
    },
    changed: (pairs, _reserved, onJoined) => joinedPairs(pairs, (name) => escapedLabel(name, escaping), onJoined),
    merges: true,
  };
}
