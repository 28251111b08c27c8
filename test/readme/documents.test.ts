/**
 * The tables of `examples/HOST/document.md`, each sentence of a host's own document with the test that holds it:
 *
 *     | 7 | The sentence, in short | `test/examples/HOST/document.test.ts`: `the test's title` |
 *     | 8 | Advice | – why no test can hold it |
 *
 * Several tests have `<br>` between them. In a title, `…` stands for what the source computes. Differences follow, each with its
 * reason.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pages, pageText, root } from './pages.ts';

const documents = pages.filter((path) => /^examples\/[^/]+\/document\.md$/.test(path));
/** Of what stands before the differences. */
const rowsOf = (page: string) => [
  ...(pageText(page).split(/^## Deliberate differences$/m)[0] ?? '').matchAll(/^\| (\d+) \| (.+?) \| (.+) \|$/gm),
];

/** The literals that begin the calls of `test`, with `…` for each `${…}`. */
function titlesIn(file: string): readonly string[] {
  const titles = readFileSync(join(root, file), 'utf8').matchAll(/\btest(?:InFull)?\(\s*(['"`])((?:\\.|(?!\1).)+)\1/g);
  return [...titles].map(([, , title = '']) => title.replaceAll(/\$\{[^}]*\}/g, '…'));
}

/** What is wrong with the cell that says what holds a sentence. */
function wrongIn(cell: string): readonly string[] {
  if (/^– \w/.test(cell)) return [];
  return cell.split('<br>').flatMap((part) => {
    const [, file = '', title = ''] = /^`(test\/[\w./-]+\.test\.ts)`: `([^`]+)`$/.exec(part) ?? [];
    if (!existsSync(join(root, file)) || title === '') return [`neither a test nor a reason: ${part}`];
    return titlesIn(file).includes(title) ? [] : [`${file} has no test '${title}'`];
  });
}

for (const page of documents) {
  test(`${page}: the sentences are numbered without a gap`, () => {
    const numbers = rowsOf(page).map(([, number]) => Number(number));
    assert.ok(numbers.length > 0 && /^## Deliberate differences$/m.test(pageText(page)));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  });

  test(`${page}: every test that it names is there`, () =>
    assert.deepEqual(
      rowsOf(page).flatMap(([, number, , cell = '']) => wrongIn(cell).map((wrong) => `${number}: ${wrong}`)),
      [],
    ));
}
