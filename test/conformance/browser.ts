/** Chromium without a screen, as the tests drive it: each page reports what it should not have done. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { requirePeer } from './peers.ts';

/** A page, and what was wrong with it so far: messages of the console, errors of scripts, requests to elsewhere. */
export interface Watched {
  readonly page: Page;
  readonly faults: readonly string[];
}

/** Undefined after the test was marked as skipped. Closes with the test. */
export async function openBrowser(test: TestContext): Promise<Browser | undefined> {
  const executablePath = requirePeer(test, 'chromium');
  if (executablePath === undefined) return undefined;
  // Root has no user namespaces to build a sandbox from; the page is ours.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  test.after(() => browser.close());
  return browser;
}

/** Opens `url`, whose origin is the only one that may be asked. `first` runs ahead of the page's own script. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}, first = ''): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => faults.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(`${origin}/`) && !asked.startsWith('data:')) faults.push(`elsewhere: ${asked}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  if (first !== '') await page.addInitScript(first);
  await page.goto(url);
  return { page, faults };
}

export function assertFaultless({ faults }: Watched): void {
  assert.deepEqual(faults, []);
}
