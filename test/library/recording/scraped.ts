/**
 * What a bridge's endpoint shows, line by line: `runs_total{status="failed"}` → value. Without the labels of the scope, which
 * `test/formats/exposition/scope-labels.test.ts` is about.
 */
import assert from 'node:assert/strict';
import { parseExposition } from '../../../src/formats/exposition/index.ts';
import type { Handler, RequestFacts } from '../../../src/index.ts';

export const request: RequestFacts = {
  method: 'GET',
  path: '/metrics',
  query: new URLSearchParams(),
  header: (name) => (name === 'accept' ? 'text/plain; version=0.0.4' : undefined),
  peer: '127.0.0.1',
};

export async function scraped({ scrape }: { readonly scrape: Handler }): Promise<ReadonlyMap<string, number>> {
  const { status, body } = await scrape(request);
  const text = new TextDecoder().decode(body);
  assert.equal(status, 200, text);
  const parsed = parseExposition(text, 'text');
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const lines = parsed.families.flatMap(({ samples }) =>
    samples.map(({ name, labels, value }): [string, number] => [name + shown(labels), value]),
  );
  const byLine = new Map(lines);
  assert.equal(byLine.size, lines.length, 'two series differ in nothing but their scope');
  return byLine;
}

function shown(labels: readonly (readonly [string, string])[]): string {
  const own = labels.filter(([name]) => !name.startsWith('otel_scope_'));
  return own.length === 0 ? '' : `{${own.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
}

/** Of one family only, by the start of its name. */
export async function scrapedOf(bridge: { readonly scrape: Handler }, prefix: string): Promise<Record<string, number>> {
  return Object.fromEntries([...(await scraped(bridge))].filter(([name]) => name.startsWith(prefix)));
}
