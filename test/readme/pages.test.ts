import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anchors, blocks, relativeLinks } from './pages.ts';

const page =
  '# A b: `c`\n\n[x](y.md#z) [w](https://w.example) `[no](no.md)`\n\n```ts\nconst a = 1;\n```\n\n```sh\n# [no](no.md)\nls\n```\n\n## D\n';

test('blocks are found by their language', () => {
  assert.deepEqual(blocks(page, 'ts'), ['const a = 1;\n']);
  assert.deepEqual(blocks(page, 'json'), []);
});

test('links are those of the prose, without the web', () => assert.deepEqual(relativeLinks(page), ['y.md#z']));

test('a link whose text is code counts', () => assert.deepEqual(relativeLinks('[`x`](x.ts)'), ['x.ts']));

test('anchors are those of the headings', () => assert.deepEqual(anchors(page), ['a-b-c', 'd']));
