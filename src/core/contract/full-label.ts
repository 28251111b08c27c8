/** What to do about a label that has as many values as its limit: the advice of every line and error that names one. */
import type { CappedLabel, IdentityLabel } from './metric.ts';

type Kind = CappedLabel['kind'] | IdentityLabel['kind'];

const fixes: Readonly<Record<Kind, string>> = {
  // Its values stay: `remove` ends a series, and frees no value.
  capped: 'raise the limit in the contract, or use identity for things that come and go',
  identity: 'raise the limit in the contract, or remove what is gone',
};

/** `kind`: undefined where a process of an earlier version says nothing of it. */
export function fullLabelFix(kind: Kind | undefined): string {
  return kind === undefined ? 'raise the limit in the contract' : fixes[kind];
}
