import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Contract,
  capped,
  contract,
  counter,
  fromJson,
  gauge,
  histogram,
  identity,
  info,
  oneOf,
  parameter,
  summary,
  upDownCounter,
} from '../../../../src/core/contract/index.ts';
import { contractDocs } from '../../../../src/tools/generate/docs/index.ts';

/** The cells of each row but the heads', by series: those of the first table, then those of the second. */
function cells(of: Contract): Readonly<Record<string, readonly string[]>> {
  const rows: Record<string, string[]> = {};
  for (const line of contractDocs(of).split('\n')) {
    const [, series = '', ...rest] = /^\| `([a-z_]+)` \| (.*) \|$/.exec(line) ?? [];
    if (series !== '') rows[series] = [...(rows[series] ?? []), ...(rest[0] ?? '').split(' | ')];
  }
  return rows;
}

test('a whole document', () => {
  const shop = contract('shop', {
    orders: counter({ unit: '{order}', help: 'Orders taken.', labels: { payment: oneOf('card', 'invoice') } }),
    queueSize: gauge({ observed: true, unit: 'By', help: 'Size of a queue.', labels: { queue: identity({ limit: 5 }) } }),
  });
  assert.equal(
    contractDocs(shop),
    [
      '| series | type | unit | labels | meaning |',
      '|---|---|---|---|---|',
      '| `shop_orders_total` | counter | `{order}` | `payment`: `card`, `invoice` | Orders taken. |',
      '| `shop_queue_size_bytes` | gauge | `By` | `queue`: 5 at a time | Size of a queue. |',
      '',
      'What a callback reads keeps its last values while readings fail, and is absent after 60 s of that.',
      '',
      '| series | instrument | absent | example query |',
      '|---|---|---|---|',
      '| `shop_orders_total` | `shop.orders` | never | `sum by (payment) (rate(shop_orders_total[5m]))` |',
      '| `shop_queue_size_bytes` | `shop.queue.size` | where a reading has no value | `shop_queue_size_bytes` |',
      '',
    ].join('\n'),
  );
});

test('each kind has its type, its absence and its query', () => {
  const kinds = contract('app', {
    done: counter({ help: 'h' }),
    seen: counter({ help: 'h', labels: { who: capped({ limit: 3, other: 'rest', optional: true }) } }),
    open: upDownCounter({ help: 'h', labels: { a: oneOf('x'), b: oneOf('y'), c: oneOf('z') } }),
    level: gauge({ help: 'h' }),
    lastTimestamp: gauge({ unit: 's', help: 'h' }),
    state: gauge({ help: 'h', labels: { who: identity(), is: oneOf('on "1"', 'off') } }),
    time: histogram({ help: 'h', unit: 's', bounds: [0.1, 1], labels: { who: identity({ limit: 7 }) } }),
    size: histogram({ help: 'h', unit: 'By', exponential: { maxSize: 20 } }),
    both: histogram({ help: 'h', unit: 'By', exponential: {}, bounds: [1] }),
    parse: summary({ help: 'h', unit: 's' }),
    buildInfo: info({ help: 'h', labels: { version: capped({ limit: 2 }) } }),
  });
  assert.deepEqual(cells(kinds), {
    app_done_total: ['counter', '–', '–', 'h', '`app.done`', 'never', '`sum(rate(app_done_total[5m]))`'],
    app_seen_total: [
      ...['counter', '–', '`who`: the first 3 values, then `rest`; may be missing', 'h', '`app.seen`'],
      ...['each label set until its first measurement', '`sum by (who) (rate(app_seen_total[5m]))`'],
    ],
    app_open: ['gauge', '–', '`a`: `x`<br>`b`: `y`<br>`c`: `z`', 'h', '`app.open`', 'never', '`sum by (a, b) (app_open)`'],
    app_level: ['gauge', '–', '–', 'h', '`app.level`', 'until the first measurement', '`app_level`'],
    app_last_timestamp_seconds: [
      ...[
        'gauge',
        '`s`',
        '–',
        'h',
        '`app.last.timestamp`',
        'until the first measurement',
        '`time() - app_last_timestamp_seconds`',
      ],
    ],
    app_state: [
      ...[
        'gauge',
        '–',
        '`who`: 1000 at a time<br>`is`: `on "1"`, `off`',
        'h',
        '`app.state`',
        'each label set until its first measurement',
      ],
      '<code>app&#95;state{is="on&#32;&#92;"1&#92;""}</code>',
    ],
    app_time_seconds: [
      ...['histogram', '`s`', '`who`: 7 at a time, then `other`', 'h<br>Bounds: 0.1, 1.', '`app.time`'],
      'each label set until its first measurement',
      '`histogram_quantile(0.95, sum by (le, who) (rate(app_time_seconds_bucket[5m])))`',
    ],
    app_size_bytes: [
      ...['histogram', '`By`', '–', 'h<br>Exponential buckets: 20 at most.', '`app.size`', 'until the first measurement'],
      '`histogram_quantile(0.95, sum(rate(app_size_bytes[5m])))`',
    ],
    app_both_bytes: [
      ...[
        'histogram',
        '`By`',
        '–',
        'h<br>Bounds: 1.<br>Exponential buckets: 160 at most.',
        '`app.both`',
        'until the first measurement',
      ],
      '`histogram_quantile(0.95, sum by (le) (rate(app_both_bytes_bucket[5m])))`',
    ],
    app_parse_seconds: [
      ...['summary', '`s`', '–', 'h', '`app.parse`', 'until the first measurement'],
      '`sum(rate(app_parse_seconds_sum[5m])) / sum(rate(app_parse_seconds_count[5m]))`',
    ],
    app_build_info: [
      ...['gauge, always 1', '–', '`version`: the first 2 values, then `other`', 'h', '`app.build.info`', 'until it is set'],
      '`count by (version) (app_build_info)`',
    ],
  });
});

test('what is not Meterbridge’s: quantiles, and the kinds that only foreign endpoints have', () => {
  const foreign = fromJson(
    {
      name: 'far',
      metrics: {
        wait: { kind: 'summary', series: 'far_wait_seconds', help: 'h', quantiles: [0.5, 0.9] },
        thing: { kind: 'unknown', series: 'far_thing', help: 'h' },
        state: { kind: 'stateset', series: 'far_state', help: 'h' },
        sizes: { kind: 'gaugehistogram', series: 'far_sizes', help: 'h', bounds: [1, 2] },
      },
    },
    'far.json',
  );
  const [type, query] = [0, 6];
  const shown = Object.values(cells(foreign)).map((row) => [row[type], row[query]]);
  assert.deepEqual(shown, [
    ['summary', '`far_wait_seconds{quantile="0.9"}`'],
    ['unknown', '`far_thing`'],
    ['stateset', '`far_state == 1`'],
    ['gaugehistogram', '`histogram_quantile(0.95, sum by (le) (far_sizes_bucket))`'],
  ]);
  assert.match(contractDocs(foreign), /h<br>Quantiles: 0\.5, 0\.9\./);
});

test('a deprecated metric says so first, and one in development', () => {
  const old = contract('app', {
    old: counter({ help: 'Old things.', deprecated: 'Use `app_new_total`.' }),
    young: counter({ help: 'New things.', stability: 'development' }),
  });
  const text = contractDocs(old);
  assert.match(text, /\| \*\*Deprecated:\*\* Use \\`app_new_total\\`\.<br>Old things\. \|/);
  assert.match(text, /\| \*In development\.\* New things\. \|/);
});

test('a constant label of every metric is named once, without its value', () => {
  const metrics = { a: counter({ help: 'h' }), b: counter({ help: 'h', constantLabels: { zone: 'z1' } }) };
  const text = contractDocs(contract('app', metrics, { constantLabels: { host: 'h1' } }));
  assert.match(text, /^Each series has a constant label `host`\.\n\n\|/);
  assert.match(text, /\| `app_b_total` \| counter \| – \| `zone`: constant \| h \|/);
  assert.doesNotMatch(text, /h1|z1/);
});

test('a constant label that the program decides says so', () => {
  const metrics = { a: counter({ help: 'h' }), b: counter({ help: 'h', constantLabels: { zone: parameter('z1') } }) };
  const text = contractDocs(contract('app', metrics, { constantLabels: { host: parameter('h1'), site: 's1' } }));
  assert.match(
    text,
    /^Each series has a constant label `site`, and a label `host` with one value, which the program decides\.\n\n\|/,
  );
  assert.match(text, /\| `app_b_total` \| counter \| – \| `zone`: one value, which the program decides \| h \|/);
  assert.doesNotMatch(text, /h1|z1|s1/);
});

test('many values and many bounds are counted', () => {
  const values = Array.from({ length: 30 }, (_, at) => `v${at}`);
  const text = contractDocs(
    contract('app', {
      one: counter({ help: 'h', labels: { v: oneOf(...values) } }),
      two: histogram({ help: 'h', bounds: values.map((_, at) => at) }),
    }),
  );
  assert.match(text, /`v23`, `v24` and 5 more \|/);
  assert.match(text, /Bounds: 30 from 0 to 29\./);
});
