/** Each rule of OTLP: lines that break it, where, and how it is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OtlpRuleId, otlpRules } from '../../../../src/tools/check/lines/rules.ts';
import { attributes, counter, gauge, line, nanos, point, read } from './lines.ts';

const good = line([counter('shop.fine', [point(1)])]);
const described = (name: string, more: object) => ({ name, description: 'Described.', ...more });
const times = { startTimeUnixNano: nanos(1), timeUnixNano: nanos(2) };
const bucketed = { ...times, count: '1', sum: 1, explicitBounds: [1], bucketCounts: ['1', '0'] };
/** A request that can be read but for one of its points. */
const badPoint = line([
  described('shop.wait', { histogram: { aggregationTemporality: 2, dataPoints: [{ ...bucketed, bucketCounts: ['1'] }] } }),
]);
const long = 'x'.repeat(64);

interface Case {
  readonly lines: readonly string[];
  /** Of the finding. */
  readonly line?: number | undefined;
  readonly column?: number;
  readonly family?: string;
  readonly got: RegExp;
}

const second = { line: 2 };

const cases: Partial<Record<OtlpRuleId, Case>> = {
  'otlp-line': { lines: [good, '{"resourceMetrics": 7}'], ...second, column: 21, got: /resourceMetrics/ },
  'otlp-line-length': { lines: [good, line([counter('a', [point(1)])]).padEnd(5_000)], ...second, got: /more than 4000 bytes/ },
  'otlp-no-metrics': { lines: [good, '{"resourceMetrics":[]}'], ...second, got: /without metrics/ },
  'otlp-point': { lines: [good, badPoint], ...second, got: /1 points rejected/ },
  'otlp-service-name': { lines: [good, line([counter('a', [point(1)])], {})], ...second, got: /without service\.name/ },
  'otlp-metric-name': { lines: [good, line([counter('', [point(1)])])], ...second, got: /without a name/ },
  'otlp-instrument-name': { lines: [good, line([counter('1st', [point(1)])])], ...second, family: '_1st_total', got: /"1st"/ },
  'otlp-unit': {
    lines: [good, line([gauge('a', [point(1)], 'seconds')])],
    ...second,
    family: 'a_seconds',
    got: /a in "seconds"/,
  },
  'otlp-unit-length': { lines: [good, line([gauge('a', [point(1)], long)])], ...second, got: /a unit of 64 characters/ },
  'otlp-description': {
    lines: [good, line([{ ...gauge('a', [point(1)]), description: ' ' }])],
    ...second,
    family: 'a',
    got: /a, without a description/,
  },
  'otlp-no-data': { lines: [good, line([described('a', {})])], ...second, got: /a, without data/ },
  'otlp-total': { lines: [good, line([gauge('a.total', [point(1)])])], ...second, family: 'a_total', got: /a\.total, a gauge/ },
  'otlp-name-conflict': { lines: [good, line([gauge('shop.fine.total', [point(1)])])], ...second, got: /shop_fine_total/ },
  'otlp-metadata': {
    lines: [good, line([{ ...counter('shop.fine', [point(1)]), description: 'Another.' }])],
    ...second,
    family: 'shop_fine_total',
    got: /shop_fine_total/,
  },
  'otlp-temporality': {
    lines: [good, line([counter('a', [point(1)], { aggregationTemporality: 0 })])],
    ...second,
    family: 'a_total',
    got: /a, with temporality unspecified/,
  },
  'otlp-delta': {
    lines: [good, line([counter('a', [point(1)], { aggregationTemporality: 1 })])],
    ...second,
    family: 'a_total',
    got: /a, with delta temporality/,
  },
  'otlp-delta-sum': {
    lines: [good, line([counter('a', [point(1)], { aggregationTemporality: 1, isMonotonic: false })])],
    ...second,
    got: /a, not monotonic, with delta temporality/,
  },
  'otlp-time': {
    lines: [good, line([gauge('a', [{ asInt: '1' }])])],
    ...second,
    family: 'a',
    got: /a, without timeUnixNano/,
  },
  'otlp-start': {
    lines: [good, line([counter('a', [{ timeUnixNano: nanos(2), asInt: '1' }])])],
    ...second,
    family: 'a_total',
    got: /a, without startTimeUnixNano/,
  },
  'otlp-start-late': {
    lines: [good, line([counter('a', [point(1, 10, {}, 11)])])],
    ...second,
    family: 'a_total',
    got: /a, \d+ after \d+/,
  },
  'otlp-order': {
    lines: [line([counter('a', [point(1, 20)])]), line([counter('a', [point(2, 19)])])],
    ...second,
    family: 'a_total',
    got: /a, \d+ after \d+/,
  },
  'otlp-fell': {
    lines: [line([counter('a', [point(5, 20)])]), line([counter('a', [point(4, 21)])])],
    ...second,
    family: 'a_total',
    got: /a from 5 to 4/,
  },
  'otlp-negative': { lines: [good, line([counter('a', [point(-1)])])], ...second, family: 'a_total', got: /a is -1/ },
  'otlp-targets': {
    lines: [line([gauge('a', [point(1)])], { 'service.name': 'one' }), line([gauge('a', [point(1)])], { 'service.name': 'two' })],
    family: 'a',
    got: /a of .*two.*, and of .*one/,
  },
};

for (const [id, { lines, got, line: at, column, family }] of Object.entries(cases)) {
  test(`${id}: found once, and at its place`, async () => {
    const { findings } = await read(`${lines.join('\n')}\n`, { lineBytes: 4_000 });
    const found = findings.filter((finding) => finding.id === id);
    assert.equal(found.length, 1, JSON.stringify(findings, undefined, 1));
    const [finding] = found;
    assert.match(finding?.got ?? '', got);
    assert.deepEqual([finding?.source, finding?.line, finding?.column], ['lines.jsonl', at, column]);
    if (family !== undefined) assert.equal(finding?.family, family);
    const { severity, rule, link } = otlpRules[id as OtlpRuleId];
    assert.deepEqual([finding?.severity, finding?.rule, finding?.link], [severity, rule, link]);
  });
}

test('a unit in any of the words that Prometheus has for it is answered with that of UCUM', async () => {
  const units = { seconds: 's', sec: 's', Bytes: 'By', kibibytes: 'KiBy', joules: 'J', watts: 'W', amperes: 'A', grams: 'g' };
  for (const [word, unit] of Object.entries(units)) {
    const { findings } = await read(line([gauge('a', [point(1)], word)]));
    assert.equal(findings.find(({ id }) => id === 'otlp-unit')?.fix, `write ${unit}`, word);
  }
});

test('what breaks no rule has no findings', async () => {
  const fine = [
    good,
    line([
      { ...counter('shop.orders', [point(1, 10, { status: 'paid' })]), unit: '{order}' },
      gauge('shop.room', [{ timeUnixNano: nanos(3), asDouble: 1, attributes: attributes({ room: 'a' }) }], 'Cel'),
      described('shop.wait', { unit: 's', histogram: { aggregationTemporality: 2, dataPoints: [bucketed] } }),
    ]),
    line([counter('shop.fine', [point(0, 30, {}, 25)])]),
  ];
  assert.deepEqual((await read(fine.join('\n'))).findings, []);
});

/** Their limits are too many for a test to reach. */
const unreached: readonly OtlpRuleId[] = ['otlp-limit-series', 'otlp-limit-families'];

test('every rule has its case', () => {
  assert.deepEqual([...Object.keys(cases), ...unreached].sort(), Object.keys(otlpRules).sort());
});
