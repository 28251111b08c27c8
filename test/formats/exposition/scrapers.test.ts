/** Each scraper's `Accept` and what it gets, as docs/formats.md says: that table is the only one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiate } from '../../../src/formats/exposition/negotiate.ts';
import { scrapers } from './scrapers.ts';

const formatOf = (contentType: string): string => {
  if (contentType.startsWith('application/openmetrics-text')) return 'openmetrics';
  return contentType.startsWith('text/plain') ? 'text' : 'protobuf';
};
const defaults = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  text: 'text/plain; version=0.0.4; charset=utf-8',
} as const;

for (const preferred of ['text', 'openmetrics'] as const) {
  for (const { scraper, accept, contentType = defaults[preferred] } of scrapers) {
    test(`default ${preferred}: ${scraper}`, () => {
      assert.deepEqual(negotiate(accept, preferred), { format: formatOf(contentType), contentType });
    });
  }
}

test('every scraper that the table is for is in it', () => {
  const named = scrapers.map(({ scraper }) => scraper).join('\n');
  for (const one of [
    'Prometheus 2.42',
    'Prometheus 3',
    'Collector',
    'Alloy',
    'vmagent',
    'Datadog',
    'Telegraf',
    'curl',
    'Firefox',
    'Chrome',
  ])
    assert.ok(named.includes(one), one);
  assert.equal(new Set(scrapers.map(({ scraper }) => scraper)).size, scrapers.length);
});
