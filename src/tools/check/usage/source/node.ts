/**
 * What a JSON or YAML file says, with the place of every text: one tree for both, so that a reader of dashboards reads either.
 */
import type { Text } from './text.ts';

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As decoded; of a number or boolean, as written. */
  readonly text: Text;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
  /** By key; of a key that occurs twice, the last. */
  readonly byKey: ReadonlyMap<string, Node>;
}

export interface Entry {
  readonly key: ScalarNode;
  readonly value: Node;
}

export type Node = ScalarNode | ListNode | MapNode;

export function mapNode(entries: readonly Entry[]): MapNode {
  return { kind: 'map', entries, byKey: new Map(entries.map(({ key, value }) => [key.text.text, value])) };
}

/** The value of a path of keys; undefined where there is none. */
export function get(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  let at = node;
  for (const key of keys) at = at?.kind === 'map' ? at.byKey.get(key) : undefined;
  return at;
}

/** A string at a path. */
export function textAt(node: Node | undefined, ...keys: readonly string[]): Text | undefined {
  const at = get(node, ...keys);
  return at?.kind === 'scalar' && typeof at.value === 'string' ? at.text : undefined;
}

/** A string, number or boolean at a path, as written. */
export function wordAt(node: Node | undefined, ...keys: readonly string[]): string | undefined {
  const at = get(node, ...keys);
  return at?.kind === 'scalar' && at.value !== null ? at.text.text : undefined;
}

/** The items of a list at a path; none, if it is no list. */
export function listAt(node: Node | undefined, ...keys: readonly string[]): readonly Node[] {
  const at = get(node, ...keys);
  return at?.kind === 'list' ? at.items : [];
}

/** The entries of a mapping at a path; none, if it is no mapping. */
export function entriesAt(node: Node | undefined, ...keys: readonly string[]): readonly Entry[] {
  const at = get(node, ...keys);
  return at?.kind === 'map' ? at.entries : [];
}

/** Why a file cannot be read, and where. */
export interface Unreadable {
  readonly message: string;
  /** In the file. */
  readonly offset: number;
}

export interface Tree {
  /** One a document: YAML may have several. */
  readonly documents: readonly Node[];
  readonly problem: Unreadable | undefined;
}
