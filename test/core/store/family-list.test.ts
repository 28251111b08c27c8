import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FamilyList } from '../../../src/core/store/family-list.ts';

/** Reads of entries of an array, counted. */
function counted(families: number): { readonly list: FamilyList<{ group: number; id: number }>; reads(): number } {
  const list = new FamilyList<{ group: number; id: number }>();
  for (let id = 1; id <= families; id++) list.add({ group: id, id });
  let reads = 0;
  const inner = list as unknown as { entries: unknown[] };
  const target = inner.entries;
  inner.entries = new Proxy(target, {
    get(of, key, receiver) {
      reads++;
      return Reflect.get(of, key, receiver);
    },
  });
  return { list, reads: () => reads };
}

test('a family that ends looks at no more places among 64,000 than the next step of a search among 1,000', () => {
  for (const families of [1_000, 64_000]) {
    const { list, reads } = counted(families);
    for (let id = 1; id <= 200; id++) list.remove(id * 3);
    assert.ok(reads() <= 200 * 2 * Math.log2(families), `${reads()} reads among ${families}`);
  }
});

test('places without family leave once they are the larger half', () => {
  const { list } = counted(1_000);
  for (let id = 1; id <= 1_000; id++) {
    list.remove(id);
    const { length } = (list as unknown as { entries: unknown[] }).entries;
    assert.ok(length <= 2 * (1_000 - id), `${length} places of ${1_000 - id} families`);
  }
});
