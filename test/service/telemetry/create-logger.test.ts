import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import { createLogger, withFields } from '../../../src/service/telemetry/create-logger.ts';

function logged(encoding: 'console' | 'json', level: 'info' | 'error') {
  const out = new PassThrough({ encoding: 'utf8' });
  const log = createLogger({ out, encoding, level, clock: () => Date.UTC(2026, 0, 2, 3, 4, 5, 67) });
  return { log, text: () => out.read() as string | null };
}

// The shapes are those of the Collector v0.159 without its resource and caller.
test('a console line is time, level, message and fields, separated by tabs', () => {
  const { log, text } = logged('console', 'info');
  withFields(log, { 'otelcol.component.id': 'otlp' }).warn('a message', { times: 3 });
  assert.equal(text(), '2026-01-02T03:04:05.067Z\twarn\ta message\t{"otelcol.component.id": "otlp", "times": 3}\n');
  log.info('alone');
  assert.equal(text(), '2026-01-02T03:04:05.067Z\tinfo\talone\n');
});

test('a JSON line has the same as fields', () => {
  const { log, text } = logged('json', 'info');
  log.info('a "message"', { kind: 'x' });
  assert.deepEqual(JSON.parse(text() ?? ''), { level: 'info', ts: '2026-01-02T03:04:05.067Z', msg: 'a "message"', kind: 'x' });
});

test('no field holds what a terminal acts on, and JSON stays JSON', () => {
  const foreign = 'a\u007f\u009b31m\u202e\u{e0001}';
  for (const encoding of ['console', 'json'] as const) {
    const { log, text } = logged(encoding, 'info');
    log.info('message', { foreign });
    const line = text() ?? '';
    assert.match(line, /^[\t\n -~]+$/);
    const fields = JSON.parse(encoding === 'json' ? line : (line.split('\t')[3] ?? '')) as { readonly foreign: string };
    assert.equal(fields.foreign, foreign);
  }
});

test('what is below the level is not logged, and no message makes a line that looks like another event', () => {
  const { log, text } = logged('console', 'error');
  log.info('quiet');
  assert.equal(text(), null);
  log.error('foreign \u001b[31m\r2026 info all is well');
  const line = text() ?? '';
  assert.deepEqual([line.includes('\r'), line.includes('\u001b')], [false, false]);
});
