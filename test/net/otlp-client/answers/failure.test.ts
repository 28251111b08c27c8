import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingNames } from '../../../../src/library/push/settings/setting-names.ts';
import type { Answer } from '../../../../src/net/otlp-client/answers/answer.ts';
import { createCleaner } from '../../../../src/net/otlp-client/answers/clean.ts';
import { type Attempt, describeFailure, type SettingNames } from '../../../../src/net/otlp-client/answers/failure.ts';

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
  [{ answer: answer(403) }, /OTEL_EXPORTER_OTLP_METRICS_HEADERS/],
  [{ answer: answer(404) }, /\/v1\/metrics/],
  [{ answer: answer(413) }, /max_request_body_size/],
  [{ answer: answer(415) }, /option protocol/],
  [{ answer: answer(429) }, /OTEL_METRIC_EXPORT_INTERVAL/],
  [{ answer: answer(502) }, /what is behind it/],
  [{ answer: answer(418) }, /receiver's log/],
];
for (const [attempt, fix] of fixes) {
  test(`${attempt.error ?? attempt.answer?.status} suggests ${fix.source}`, () =>
    assert.match(describeFailure(attempt, clean, settingNames).fix, fix));
}

/** The keys of the Collector's `otlp_http` exporter. */
const keys: SettingNames = {
  endpoint: 'endpoint',
  metricsEndpoint: 'metrics_endpoint',
  headers: 'headers',
  encoding: 'encoding',
  compression: 'compression',
  timeout: 'timeout',
  interval: 'retry_on_failure.initial_interval',
  authorities: 'tls.ca_file',
};
test('settings are called what the caller calls them', () => {
  const said = fixes.map(([attempt]) => describeFailure(attempt, clean, keys).fix);
  assert.doesNotMatch(said.join('\n'), /OTEL_|option/);
  for (const key of Object.values(keys))
    assert.ok(
      said.some((fix) => fix.includes(key)),
      `no fix names ${key}`,
    );
});

test('a message of many lines and control characters is one short line', () => {
  const { text } = describeFailure(
    { statusText: 'Oh\u001b[31m', answer: answer(500, `a\r\n\tb\u2028\u202ec${'x'.repeat(500)}`) },
    clean,
    settingNames,
  );
  assert.match(text, /^500 Oh \[31m, "a b cx+…"$/);
  assert.ok(text.length < 250);
});
