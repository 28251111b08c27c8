/** What a browser loads: the page's modules and style, nothing else of the source, and not much of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { scriptPath, stylePath } from '../../../src/status/page/assets.ts';
import { assetOf, renderPage } from '../../../src/status/page/index.ts';
import { fixtureSource } from '../fixture-source.ts';

const text = (path: string) => new TextDecoder().decode(assetOf(path)?.body);

/** Every module that a browser loads, by following the imports from the first one. */
function loaded(): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  const rest = [scriptPath];
  for (const path of rest) {
    if (modules.has(path)) continue;
    const source = text(path);
    modules.set(path, source);
    for (const [, to] of source.matchAll(/(?:import|from) '(\.[^']*)'/g))
      rest.push(new URL(to as string, `http://page.test${path}`).pathname);
  }
  return modules;
}

test('every module that a browser loads is served, and is a script without types', () => {
  const modules = loaded();
  assert.ok(modules.size > 25, `${modules.size}`);
  for (const [path, source] of modules) {
    assert.equal(assetOf(path)?.type, 'text/javascript; charset=utf-8', path);
    assert.doesNotMatch(source, /import type|interface /, path);
    assert.doesNotMatch(source, /^(?:import|export) [^;]*from '(?!\.)/m, `${path} loads a package`);
  }
});

test('script and style are small', () => {
  const script = gzipSync([...loaded().values()].join('\n')).length;
  const style = gzipSync(text(stylePath)).length;
  assert.ok(script < 30_000, `${script} bytes of script`);
  assert.ok(style < 5_000, `${style} bytes of style`);
});

for (const path of [
  '/assets/page/assets.ts',
  '/assets/browser/../page/assets.ts',
  '/assets/view/..%2fpage/assets.ts',
  '/assets/browser/tsconfig.json',
  '/assets/view/no-such.ts',
  '/assets/',
  '/',
])
  test(`${path} is no asset`, () => assert.equal(assetOf(path), undefined));

test('a page of a busy service is under 100 kB', async () => {
  const html = await renderPage('/', new URLSearchParams(), fixtureSource());
  assert.ok(html.length < 100_000, `${html.length}`);
  assert.ok(html.startsWith('<!doctype html><html lang="en">'));
});

test('a family and the labels are in the page on request', async () => {
  const query = new URLSearchParams({ store: 'exporter prometheus', name: 'queue_length', labels: '1' });
  const html = await renderPage('/', query, fixtureSource());
  assert.match(html, /id="family"[^>]*>queue_length</);
  assert.match(html, /url_path/);
});

for (const [path, fact] of [
  ['/debug/servicez', '4711'],
  ['/debug/pipelinez', 'memory_limiter, batch'],
  ['/debug/extensionz', 'zpages'],
  ['/debug/featurez', 'no feature gates'],
] as const)
  test(`${path} has its facts, and no script`, async () => {
    const html = await renderPage(path, new URLSearchParams(), fixtureSource());
    assert.ok(html.includes(fact));
    assert.doesNotMatch(html, /<script/);
  });
