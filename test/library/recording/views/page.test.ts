/** The views of docs/views.md: each is taken, and the recipe drops the attribute. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, type ViewOptions } from '../../../../src/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { pageText } from '../../../readme/pages.ts';
import { scrapedOf } from '../scraped.ts';

const page = pageText('docs/views.md');
const viewOf = (text: string | undefined): ViewOptions => new Function(`return (${text});`)() as ViewOptions;

const shown = [...page.matchAll(/^\| [^|`]+ \| `(\{ .* \})` \|$/gm)].map(([, text]) => text);
test('the page has views in a table', () => assert.ok(shown.length >= 5, page));
for (const text of shown) test(`it is taken: ${text}`, () => void testBridge(contract('shop', {}), { views: [viewOf(text)] }));

test('the recipe drops the attribute', async () => {
  const [, text] = /^ {2}views: \[(.*)\],$/m.exec(page) ?? [];
  const { bridge } = testBridge(contract('shop', {}), { views: [viewOf(text)] });
  const duration = bridge.meterProvider.getMeter('http').createHistogram('http.client.request.duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: [] },
  });
  for (const id of [1, 2, 3])
    duration.record(0.5, { 'server.address': 'shop.example', 'url.full': `https://shop.example/orders/${id}` });
  const labels = 'server_address="shop.example"';
  assert.deepEqual(await scrapedOf(bridge, 'http_client_request_duration_seconds'), {
    [`http_client_request_duration_seconds_bucket{${labels},le="+Inf"}`]: 3,
    [`http_client_request_duration_seconds_sum{${labels}}`]: 1.5,
    [`http_client_request_duration_seconds_count{${labels}}`]: 3,
  });
});
