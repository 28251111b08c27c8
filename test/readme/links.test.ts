/** Every relative link of the documentation leads somewhere. */
import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { anchors, pages, pageText, relativeLinks, root } from './pages.ts';

for (const page of pages) {
  test(`${page}: its links resolve`, () => assert.deepEqual(relativeLinks(pageText(page)).filter(isBroken(page)), []));
}

for (const page of pages) {
  test(`${page}: the tests and programs that it names are there`, () => {
    const named = [...pageText(page).matchAll(/\b(?:src|test|bench|examples)\/[\w./*-]+\.ts\b/g)].map(([path]) => path);
    assert.deepEqual(
      named.filter((path) => globSync(path, { cwd: root }).length === 0),
      [],
    );
  });
}

test('docs/README.md lists every page of docs/', () => {
  const listed = relativeLinks(pageText('docs/README.md'));
  const others = pages
    .filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
    .map((path) => path.slice('docs/'.length));
  assert.deepEqual(
    others.filter((path) => !listed.includes(path)),
    [],
  );
});

function isBroken(page: string): (link: string) => boolean {
  return (link) => {
    const [path = '', fragment] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(root, target))) return true;
    return fragment !== undefined && target.endsWith('.md') && !anchors(pageText(target)).includes(fragment);
  };
}
