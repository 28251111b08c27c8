/**
 * Finds the row of uncontracted attributes without sorting, encoding or allocating: a tree along the attributes in the caller's
 * order. Another order is another path to the same row.
 */

import type { Row } from '../../../../core/store/store.ts';
import type { KeepsKey } from '../../../series/by-attributes/attribute-keys.ts';
import { isShort } from '../../../series/by-attributes/recordable-attributes.ts';

/** Immutable values only: the trie does not keep a caller's arrays, which take the slow path. */
type Primitive = string | number | boolean | bigint | null | undefined;

interface Node {
  row: Row;
  /** Most nodes continue with one attribute only. */
  name: string | undefined;
  values: Map<unknown, Node> | undefined;
  others: Map<string, Map<unknown, Node>> | undefined;
}

export interface AttributeTrie {
  /** 0: unknown. Throws what a caller's getter throws. */
  find(attributes: unknown): Row;
  learn(attributes: unknown, row: Row): void;
  clear(): void;
}

/** The most nodes of a tree before it is reset, so that many attribute orders cannot exhaust memory. */
const maxNodes = 32_768;

/**
 * @param keeps whether the series has the attribute of a key; undefined: it has all. Others are passed over, and their values not
 * read.
 */
export function createAttributeTrie(keeps?: KeepsKey): AttributeTrie {
  let root = createNode();
  let nodes = 1;

  function clear(): void {
    root = createNode();
    nodes = 1;
  }

  function descend(node: Node, name: string, value: Primitive): Node {
    const values = valuesFor(node, name);
    let next = values.get(value);
    if (next === undefined) {
      next = createNode();
      nodes += 1;
      values.set(value, next);
    }
    return next;
  }

  function find(attributes: unknown): Row {
    let node: Node | undefined = root;
    for (const name in attributes as Record<string, unknown>) {
      const values: Map<unknown, Node> | undefined = node.name === name ? node.values : node.others?.get(name);
      node = values?.get((attributes as Record<string, unknown>)[name]);
      if (node === undefined) return 0;
    }
    return node.row;
  }

  /** Apart, so that the other look-up asks for no key. */
  function findKept(attributes: unknown, keepsKey: KeepsKey): Row {
    let node: Node | undefined = root;
    for (const name in attributes as Record<string, unknown>) {
      if (!keepsKey(name)) continue;
      const values: Map<unknown, Node> | undefined = node.name === name ? node.values : node.others?.get(name);
      node = values?.get((attributes as Record<string, unknown>)[name]);
      if (node === undefined) return 0;
    }
    return node.row;
  }

  return Object.freeze({
    find: keeps === undefined ? find : (attributes: unknown) => findKept(attributes, keeps),
    learn(attributes: unknown, row: Row) {
      const path = pathOf(attributes, keeps);
      if (path === undefined) return;
      if (nodes + path.length > maxNodes) clear();
      let node = root;
      for (const [name, value] of path) node = descend(node, name, value);
      node.row = row;
    },
    clear,
  });
}

function createNode(): Node {
  return { row: 0, name: undefined, values: undefined, others: undefined };
}

function valuesFor(node: Node, name: string): Map<unknown, Node> {
  node.name ??= name;
  if (node.name === name) {
    node.values ??= new Map();
    return node.values;
  }
  node.others ??= new Map();
  const values = node.others.get(name) ?? new Map<unknown, Node>();
  node.others.set(name, values);
  return values;
}

/**
 * Undefined for attributes that the trie must not keep: inherited ones are not attributes, objects change, getters return
 * anything, and a long value counts each time.
 */
function pathOf(attributes: unknown, keeps: KeepsKey | undefined): readonly (readonly [string, Primitive])[] | undefined {
  if (attributes === undefined || attributes === null) return [];
  if (typeof attributes !== 'object') return undefined;
  const path: [string, Primitive][] = [];
  for (const name in attributes) {
    if (keeps?.(name) === false) continue;
    const own = Object.getOwnPropertyDescriptor(attributes, name);
    if (own === undefined || !('value' in own)) return undefined;
    if (!isShort(name) || !isShort(own.value)) return undefined;
    if (typeof own.value === 'object' || typeof own.value === 'function' || typeof own.value === 'symbol') return undefined;
    path.push([name, own.value as Primitive]);
  }
  return path;
}
