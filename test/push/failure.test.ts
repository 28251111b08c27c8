import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attempt, describeFailure } from '../../src/push/failure.ts';

const fixes: [Attempt, RegExp][] = [
  [{ error: 'ECONNREFUSED' }, /start the Collector/],
  [{ error: 'ENOTFOUND' }, /host name/],
  [{ error: 'ETIMEDOUT' }, /OTEL_EXPORTER_OTLP_METRICS_TIMEOUT/],
  [{ error: 'Request timed out' }, /OTEL_EXPORTER_OTLP_METRICS_TIMEOUT/],
  [{ error: 'HPE_INVALID_CONSTANT' }, /4317 is gRPC/],
  [{ error: 'ECONNRESET' }, /4317 is gRPC/],
  [{ error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, /OTEL_EXPORTER_OTLP_CERTIFICATE/],
  [{ error: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /OTEL_EXPORTER_OTLP_CERTIFICATE/],
  [{ status: 401 }, /OTEL_EXPORTER_OTLP_METRICS_HEADERS/],
  [{ status: 404 }, /\/v1\/metrics/],
  [{ status: 413 }, /max_request_body_size/],
  [{ status: 415 }, /option protocol/],
  [{ status: 502 }, /what stands behind it/],
  [{ status: 418 }, /receiver's log/],
];
for (const [attempt, fix] of fixes) {
  test(`${JSON.stringify(attempt)} suggests ${fix.source}`, () => assert.match(describeFailure(attempt).fix, fix));
}

test('a message of many lines and control characters is one short line', () => {
  const { text } = describeFailure({ status: 500, statusText: 'Oh\u001b[31m', body: `a\r\n\tb\u2028c${'x'.repeat(500)}` });
  assert.match(text, /^500 Oh \[31m, "a b cx+…"$/);
  assert.ok(text.length < 250);
});
