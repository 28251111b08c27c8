/** What a host must say, typed from its document, against what is scraped. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Handler, RequestFacts } from '../../src/index.ts';

export const types = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  text: 'text/plain; version=0.0.4; charset=utf-8',
} as const;

export function golden(host: string, file: string): string {
  return readFileSync(new URL(`./${host}/golden/${file}`, import.meta.url), 'utf8');
}

export async function scrape(bridge: { readonly scrape: Handler }, accept?: string) {
  const header = (name: string) => (name === 'accept' ? accept : undefined);
  const request: RequestFacts = { method: 'GET', path: '/metrics', query: new URLSearchParams(), header, peer: '127.0.0.1' };
  const { status, headers, body } = await bridge.scrape(request);
  return { status, type: headers['content-type'], text: new TextDecoder().decode(body) };
}

type Scrape = (accept?: string) => ReturnType<typeof scrape>;

/**
 * A test for each state, named as its golden files are, and each way to ask; `unasked` is the format for who has no preference.
 */
export function testGolden(
  host: string,
  unasked: keyof typeof types,
  states: readonly (readonly [name: string, file: string, start: (t: TestContext) => Scrape])[],
): void {
  const asked: readonly [accept: string | undefined, format: keyof typeof types][] = [
    [undefined, unasked],
    ['*/*', unasked],
    ['text/plain', 'text'],
    ['text/plain;version=0.0.4', 'text'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5', 'openmetrics'],
  ];
  for (const [name, file, start] of states) {
    for (const [accept, format] of asked) {
      test(`${name}: ${format} for ${accept ?? 'a client that states no preference'}`, async (t) => {
        const text = golden(host, `${file}.${format}.txt`);
        assert.deepEqual(await start(t)(accept), { status: 200, type: types[format], text });
      });
    }
  }
}
