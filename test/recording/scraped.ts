/** What a bridge's endpoint shows, line by line: `runs_total{status="failed"}` → value. */
import assert from 'node:assert/strict';
import { parseExposition } from '../../src/exposition/index.ts';
import type { Handler, RequestFacts } from '../../src/index.ts';

const request: RequestFacts = {
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
    samples.map(({ name, labels, value }): [string, number] => [name + (labels.length === 0 ? '' : shown(labels)), value]),
  );
  return new Map(lines);
}

function shown(labels: readonly (readonly [string, string])[]): string {
  return `{${labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
}

/** Of one family only, by the start of its name. */
export async function scrapedOf(bridge: { readonly scrape: Handler }, prefix: string): Promise<Record<string, number>> {
  return Object.fromEntries([...(await scraped(bridge))].filter(([name]) => name.startsWith(prefix)));
}
