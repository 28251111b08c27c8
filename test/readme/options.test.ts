/** The tables of options in the pages are what the declarations say: `npm run api` writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withOptionTables } from '../../build/option-tables.ts';
import { pages, pageText } from './pages.ts';

const withTables = pages.filter((page) => /^<!-- options: /m.test(pageText(page)));

for (const page of withTables) {
  test(`${page}: its tables of options are those of the declarations`, () => {
    const text = pageText(page);
    assert.equal(withOptionTables(text, page), text, `${page} is out of date: run npm run api`);
  });
}

test('every option that a program passes to Meterbridge is in such a table', () => {
  const all = withTables.map(pageText).join('\n');
  const interfaces = [
    'BridgeOptions',
    'ScrapeOptions',
    'PushOptions',
    'BridgeListenOptions',
    'ListenOptions',
    'OpenOptions',
    'FastifyMetricsOptions',
  ];
  const others = [
    'HttpServerMetricsOptions',
    'RuntimeMetricsOptions',
    'Access',
    'RequestLog',
    'ContractOptions',
    'Declaration',
    'BoundOptions',
  ];
  for (const name of [...interfaces, ...others]) assert.ok(new RegExp(`^<!-- options: .*\\b${name}\\b`, 'm').test(all), name);
});

test('no comment is left without its other half', () => {
  const all = pages.map(pageText).join('\n');
  assert.equal(all.match(/^<!-- options: /gm)?.length, all.match(/^<!-- end of options -->$/gm)?.length);
});
