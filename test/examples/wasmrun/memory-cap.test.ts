import assert from 'node:assert/strict';
import { test } from 'node:test';
import wabt from 'wabt';
import { capMemory } from '../../../examples/wasmrun/memory-cap.ts';

const { parseWat } = await wabt();
const binary = (wat: string) => parseWat('test.wat', wat).toBinary({}).buffer;

/** A module that says how many pages it has after it has asked for as many as it could get, one by one. */
const greedy = (memory: string) => `(module
  (memory (export "memory") ${memory})
  (data (i32.const 0) "kept")
  (func (export "_start") (result i32)
    (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (memory.size)))`;

async function pagesOf(module: Uint8Array): Promise<unknown> {
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(module), {});
  return (exports._start as () => unknown)();
}

const cases: [memory: string, cap: number, pages: number][] = [
  ['1', 3, 3],
  ['1', 300, 300],
  ['1 2', 3, 2],
  ['1 5', 3, 3],
  ['3', 3, 3],
];
for (const [memory, cap, pages] of cases) {
  test(`(memory ${memory}) with ${cap} pages allowed grows to ${pages}`, async () => {
    assert.equal(await pagesOf(capMemory(binary(greedy(memory)), cap)), pages);
  });
}

test('a null cap leaves the module as it is', () => {
  const module = binary(greedy('1'));
  assert.equal(capMemory(module, null), module);
});

test('a module without memory stays valid', async () => {
  assert.equal(await pagesOf(capMemory(binary('(module (func (export "_start") (result i32) (i32.const 7)))'), 1)), 7);
});

test('more to begin with than is allowed', () => {
  assert.throws(() => capMemory(binary(greedy('4')), 3), /needs 4 pages of memory, and 3 are allowed/);
});

test('memory that is shared cannot be limited', () => {
  const shared = parseWat('test.wat', '(module (memory 1 2 shared))', { threads: true }).toBinary({}).buffer;
  assert.throws(() => capMemory(shared, 3), /neither shared/);
});

test('what is no module comes to an end, and does not compile', async () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(100).fill(0xff), binary(greedy('1')).slice(0, 20)]) {
    await assert.rejects(async () => WebAssembly.compile(capMemory(bytes, 1)));
  }
});
