import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../../src/push/otlp-http/answer.ts';
import { createCleaner } from '../../../src/push/otlp-http/clean.ts';
import { type Attempt, describeFailure } from '../../../src/push/otlp-http/failure.ts';

const clean = createCleaner({ url: 'http://c', headers: {} });
const answer = (status: number, body = ''): Answer => ({ status, contentType: undefined, bytes: Buffer.from(body), whole: true });

const fixes: [Attempt, RegExp][] = [
  [{ error: 'ECONNREFUSED' }, /start the Collector/],
  [{ error: 'ENOTFOUND' }, /host name/],
  [{ error: 'ETIMEDOUT' }, /OTEL_EXPORTER_OTLP_METRICS_TIMEOUT/],
  [{ error: 'Request timed out' }, /OTEL_EXPORTER_OTLP_METRICS_TIMEOUT/],
  [{ error: 'HPE_INVALID_CONSTANT' }, /4317 is gRPC/],
  [{ error: 'ECONNRESET' }, /4317 is gRPC/],
  [{ error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, /OTEL_EXPORTER_OTLP_CERTIFICATE/],
  [{ error: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /OTEL_EXPORTER_OTLP_CERTIFICATE/],
  [{ answer: answer(401) }, /OTEL_EXPORTER_OTLP_METRICS_HEADERS/],
  [{ answer: answer(404) }, /\/v1\/metrics/],
  [{ answer: answer(413) }, /max_request_body_size/],
  [{ answer: answer(415) }, /option protocol/],
  [{ answer: answer(502) }, /what stands behind it/],
  [{ answer: answer(418) }, /receiver's log/],
];
for (const [attempt, fix] of fixes) {
  test(`${attempt.error ?? attempt.answer?.status} suggests ${fix.source}`, () => assert.match(describeFailure(attempt, clean).fix, fix));
}

test('a message of many lines and control characters is one short line', () => {
  const { text } = describeFailure({ statusText: 'Oh\u001b[31m', answer: answer(500, `a\r\n\tb\u2028\u202ec${'x'.repeat(500)}`) }, clean);
  assert.match(text, /^500 Oh \[31m, "a b cx+…"$/);
  assert.ok(text.length < 250);
});
