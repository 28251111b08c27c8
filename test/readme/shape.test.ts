/** The documentation is short: pages of a few minutes, sentences that one reads once, and two clicks to each page. */
import assert from 'node:assert/strict';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { pages, pageText, relativeLinks } from './pages.ts';
import { longSentences, prose, words } from './prose.ts';
import { references, written } from './shape.ts';

const mostWords = 1_800;
const mostWordsOfASentence = 35;

/** For contributors; a page of the package has no link to them, because the package does not have them. */
const inAClone = ['CONTRIBUTING.md', 'ARCHITECTURE.md'];

const linked = (page: string): readonly string[] =>
  relativeLinks(pageText(page))
    .map((link) => link.replace(/#.*$/, ''))
    .filter((link) => link.endsWith('.md'))
    .map((link) => normalize(join(dirname(page), link)));

test('every page is two clicks from README.md', () => {
  const first = linked('README.md');
  const reached = new Set(['README.md', ...first, ...first.filter((page) => pages.includes(page)).flatMap(linked)]);
  assert.deepEqual(
    pages.filter((page) => !reached.has(page) && !inAClone.includes(page)),
    [],
  );
});

for (const page of pages.filter((path) => !written.includes(path))) {
  test(`${page}: no sentence has more than ${mostWordsOfASentence} words`, () =>
    assert.deepEqual(longSentences(pageText(page), mostWordsOfASentence), []));
  if (!(page in references))
    test(`${page} has at most ${mostWords} words`, () => {
      const found = words(pageText(page));
      assert.ok(found <= mostWords, `${found} words: cut, move to a reference, or divide`);
    });
}

test('each page of the lists is there', () => {
  assert.deepEqual(
    [...Object.keys(references), ...written].filter((page) => !pages.includes(page)),
    [],
  );
});

test('CHANGELOG.md sums up an unreleased version in 20 lines', () => {
  const sections = pageText('CHANGELOG.md').split(/^## /m);
  const unreleased = sections.find((text) => /^\S+ \/ unreleased\n/.test(text)) ?? '';
  assert.ok(unreleased.trimEnd().split('\n').length <= 20);
});

describe('prose', () => {
  for (const [page, blocks] of [
    ['# A b\nC d\ne.\n\n```sh\nls\n```\n', ['A b', 'C d e.']],
    ['| a | b c |\n|---|---|\n| `x y` | d |\n', ['a', 'b c', 'code', 'd']],
    ['- One\n  two.\n- [Three](x.md)\n1. **Four**', ['One two.', 'Three', 'Four']],
    ['<!-- meterbridge series x -->\nmuch\n<!-- end -->\n\nlittle', ['little']],
    ['<!-- bench http -->\n\nmuch\n\n<!-- /bench http -->\n\nlittle', ['little']],
  ] as const)
    test(JSON.stringify(page), () => assert.deepEqual(prose(page), blocks));

  test('words are counted without signs', () => assert.equal(words('One – two, `three four`: five.'), 4));
  test('long sentences are found, across lines', () =>
    assert.deepEqual(longSentences('Short.\nOne two three\nfour. And `a` b c.', 3), [
      '4 words: One two three four.',
      '4 words: And code b c.',
    ]));
});
