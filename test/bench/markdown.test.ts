import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaced } from '../../bench/markdown.ts';

const document = '# Title\n\n<!-- bench push -->\n\nold\n\n<!-- /bench push -->\n\nProse.\n';

test('a section is replaced between its marks, and prose stays', () => {
  const text = replaced(document, 'push', 'new $&');
  assert.equal(text, '# Title\n\n<!-- bench push -->\n\nnew $&\n\n<!-- /bench push -->\n\nProse.\n');
  assert.equal(replaced(text, 'push', 'old'), document);
});

test('a section without a place comes at the end', () => {
  assert.equal(replaced('# Title\n', 'start', 'new'), '# Title\n\n<!-- bench start -->\n\nnew\n\n<!-- /bench start -->\n');
});
