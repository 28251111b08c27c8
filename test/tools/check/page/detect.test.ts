import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detect } from '../../../../src/tools/check/page/detect.ts';

for (const [text, expected] of [
  ['{"resourceMetrics":[]}', 'lines'],
  ['  {"a":1}', 'lines'],
  ['\ufeff{ "a" : 1}', 'lines'],
  ['{"a\\"b":1}', 'lines'],
  ['{}', 'lines'],
  ['{}\n{"a":1}', 'lines'],
  ['# TYPE x counter', 'text'],
  ['{"x_total",a="b"} 1', 'text'],
  ['{} 1', 'text'],
  ['x 1', 'text'],
  ['', 'text'],
  ['x 1\n# EOF\n', 'openmetrics'],
  ['# UNIT x_seconds seconds\nx_seconds 1\n', 'openmetrics'],
  ['\u0006\n\u0004up_1', 'protobuf'],
  ['\n# HELP x X.\nx 1\n', 'text'],
] as const) {
  test(`${JSON.stringify(text)}: ${expected}`, () => assert.equal(detect(Buffer.from(text), Buffer.from(text)), expected));
}

test('a long beginning takes linear time', () => {
  const long = Buffer.from(`{"${'\\a'.repeat(1e6)}`);
  assert.equal(detect(long, long.subarray(-1_024)), 'text');
});
