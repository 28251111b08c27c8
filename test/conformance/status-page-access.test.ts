/** The page with every part full: in both colour schemes, on a telephone, without a script and by keyboard alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPage } from '../../src/status/page/index.ts';
import { fixtureSource } from '../status/fixture-source.ts';
import { serveAssets } from './asset-server.ts';
import { assertAccessible } from './axe.ts';
import { assertFaultless, openBrowser, openPage } from './browser.ts';

const query = new URLSearchParams({ store: 'exporter prometheus', name: 'http_server_request_duration_seconds', labels: '' });
const html = (path = '/') => renderPage(path, query, fixtureSource());

const narrow = { width: 360, height: 800 };
for (const [name, options] of Object.entries({
  light: { colorScheme: 'light' as const },
  dark: { colorScheme: 'dark' as const },
  'light, 360 px wide': { colorScheme: 'light' as const, viewport: narrow },
  'dark, 360 px wide': { colorScheme: 'dark' as const, viewport: narrow },
}))
  test(`axe finds nothing, and nothing is wider than the window: ${name}`, async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    for (const path of ['/', '/debug/servicez', '/debug/pipelinez', '/debug/extensionz', '/debug/featurez']) {
      const watched = await openPage(browser, await serveAssets(t, await html(path)), options);
      await watched.page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
      await assertAccessible(watched.page);
      const [wide, window] = (await watched.page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )) as number[];
      assert.ok((wide ?? Infinity) <= (window ?? 0), `${path} scrolls sideways: ${wide} of ${window}`);
      assertFaultless(watched);
    }
  });

test('the keyboard reaches every link, button, row of settings and node of the graph, each with a visible focus', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const watched = await openPage(browser, await serveAssets(t, await html()), { javaScriptEnabled: false });
  const { page } = watched;
  const count = `[...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')].filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('details:not([open]) > :not(summary)')).length`;
  const reachable = (await page.evaluate(count)) as number;
  assert.ok(reachable > 40, `${reachable}`);
  const seen = new Set<string>();
  for (let presses = 0; presses < reachable; presses++) {
    await page.keyboard.press('Tab');
    const focused = (await page.evaluate(`(() => {
      const one = document.activeElement;
      const style = getComputedStyle(one);
      const box = one.matches('.node') ? one.querySelector('.box') : null;
      const seen = box === null ? style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 : parseFloat(getComputedStyle(box).strokeWidth) >= 3;
      return { is: one.outerHTML, seen };
    })()`)) as { is: string; seen: boolean };
    assert.ok(focused.seen, `no focus is seen on ${focused.is.slice(0, 200)}`);
    seen.add(focused.is);
  }
  // Two links of the same text and target are one here.
  assert.ok(seen.size >= reachable - 5, `${seen.size} of ${reachable}`);
  assertFaultless(watched);
});
