/**
 * The nodes above streams by number, and by what identifies each: its owner and its key. Keys lie one behind the other in one
 * buffer: a buffer, a view and a string for each would take many times what is in them.
 */

import { createArena } from '../../../core/store/labels/arena.ts';
import { hashBytes, hashOfOwner } from '../../../core/tables/keyed-hash.ts';
import { Records } from '../../../core/tables/records.ts';
import { sameBytes, viewOf } from '../../../formats/otlp/wire/same-bytes.ts';
import { successorOf } from '../streams/stream-table.ts';
import type { Node } from './nodes.ts';

const nodeWord = { owner: 0, keyAt: 1, keyLength: 2, hash: 3, chain: 4 } as const;
const nodeWords = 5;

export class NodeTable {
  private readonly records = new Records({ size: nodeWords, hash: nodeWord.hash, chain: nodeWord.chain });
  private readonly nodes: (Node | undefined)[] = [undefined];
  private keys = createArena({ grown: () => this.look() });
  private view = viewOf(this.keys.bytes);

  get size(): number {
    return this.records.linked;
  }

  /** Bytes of its buffers. */
  get bytes(): number {
    return this.records.bytes + this.keys.bytes.length;
  }

  node(number: number): Node {
    return this.nodes[number] as Node;
  }

  hashOf(owner: number, view: DataView, at: number, length: number): number {
    return hashOfOwner(hashBytes(view, at, at + length), owner);
  }

  /** `owner`: a number, 0 for none. */
  find(hash: number, owner: number, view: DataView, at: number, length: number): Node | undefined {
    for (let node = this.records.first(hash); node !== 0; node = this.word(node, nodeWord.chain)) {
      if (this.word(node, nodeWord.hash) === hash && this.word(node, nodeWord.owner) === owner && this.is(node, view, at, length))
        return this.nodes[node];
    }
    return undefined;
  }

  /** A number for one with this key; 0: there is no memory for it. `set` gives it its node. */
  add(hash: number, owner: number, bytes: Uint8Array, at: number, length: number): number {
    const keyAt = this.keys.put(bytes, at, at + length);
    if (keyAt === -1) return 0;
    const node = this.records.take();
    this.records.words.set([owner, keyAt, length], node * nodeWords);
    this.records.link(node, hash);
    return node;
  }

  set(node: Node): void {
    this.nodes[node.number] = node;
  }

  remove(node: number): void {
    this.records.unlink(node);
    this.keys.free(this.word(node, nodeWord.keyAt), this.keyLength(node));
    this.nodes[node] = undefined;
    this.records.give(node);
    if (this.keys.isWasteful(this.size)) this.compact();
  }

  /** Whether these bytes are its key. */
  is(node: number, view: DataView, at: number, length: number): boolean {
    return this.keyLength(node) === length && this.has(node, 0, view, at, length);
  }

  /** Whether these bytes are those of its key from `offset` on, which has as many. */
  has(node: number, offset: number, view: DataView, at: number, length: number): boolean {
    return sameBytes(this.view, this.word(node, nodeWord.keyAt) + offset, view, at, length);
  }

  keyLength(node: number): number {
    return this.word(node, nodeWord.keyLength);
  }

  /** Until a node is made or leaves. */
  key(node: number): Uint8Array {
    const at = this.word(node, nodeWord.keyAt);
    return this.keys.bytes.subarray(at, at + this.keyLength(node));
  }

  private word(node: number, word: number): number {
    return this.records.words[node * nodeWords + word] as number;
  }

  private look(): void {
    this.view = viewOf(this.keys.bytes);
  }

  /** Without memory everything stays as it is. */
  private compact(): void {
    const arena = successorOf(this.keys);
    if (arena === undefined) return;
    const { words, used } = this.records;
    for (let node = 1; node < used; node++) {
      if (this.nodes[node] === undefined) continue;
      const at = this.word(node, nodeWord.keyAt);
      words[node * nodeWords + nodeWord.keyAt] = arena.put(this.keys.bytes, at, at + this.keyLength(node));
    }
    this.keys.end();
    this.keys = arena;
    this.look();
  }
}
