import { shown } from '../../errors/shown.ts';
import { kindOf, type Tree } from '../tree.ts';
import { type Findings, type ReadValue, type Wrong, wrong } from './schema.ts';

/** The longest path of keys in a message, in characters. */
const longest = 120;

export function refuse({ tree, keys }: ReadValue, findings: Findings, got: string, rule: string, fix: string): Wrong {
  findings.problems.push({ at: placeOf(tree.at, keys), got: shortened(got), rule, fix });
  return wrong;
}

/** `FILE:LINE:COLUMN KEYS`. */
export function placeOf(at: string, keys: string): string {
  return keys === '' ? at : `${at} ${shortened(keys)}`;
}

/** A value as a message shows it; never pass a possible secret. */
export function got(tree: Tree): string {
  if (tree.kind !== 'scalar') return kindOf(tree);
  return typeof tree.value === 'string' ? shown(tree.value) : shortened(tree.text);
}

export function below({ keys }: ReadValue, key: string): string {
  return keys === '' ? key : `${keys}.${key}`;
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
