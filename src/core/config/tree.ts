/** A configuration as it was written: values with their places, from any source. */

export type Tree = Nothing | Scalar | List | Section;

interface Positioned {
  /** `FILE:LINE:COLUMN` of the value as the user spelled it, or of its key where it is absent. */
  readonly at: string;
  /** The parts of a string where a string is wanted: the spelling of a scalar, and the values of references. */
  readonly text?: string;
}

/** An empty value, or null. */
export interface Nothing extends Positioned {
  readonly kind: 'nothing';
  /** A value was here, and a problem reports what is wrong with it. */
  readonly broken?: true;
  /**
   * It stands for an empty string, a flag that is off, the number 0, and not for the default: so does a null for the Collector.
   */
  readonly zero?: true;
}

export interface Scalar extends Positioned {
  readonly kind: 'scalar';
  /** As YAML resolves it; a `Date` for a time stamp, which no key takes. */
  readonly value: string | number | boolean | Date;
  /** As it is spelled. */
  readonly text: string;
  /** The spelling counts as a string too, though it resolves to a number or a flag. */
  readonly alsoText: boolean;
}

export interface List extends Positioned {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface Section extends Positioned {
  readonly kind: 'section';
  readonly entries: ReadonlyMap<string, SectionEntry>;
}

export interface SectionEntry {
  /** The key's own place. */
  readonly at: string;
  readonly value: Tree;
}

/** The name of a value's type, for a message that does not show the value. */
export function kindOf(tree: Tree): string {
  if (tree.kind === 'nothing') return 'nothing';
  if (tree.kind === 'scalar') return 'a single value';
  return tree.kind === 'list' ? 'a list' : 'a section';
}
