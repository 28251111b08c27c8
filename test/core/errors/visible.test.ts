import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';
import { visible } from '../../../src/core/errors/visible.ts';
import { contract, gauge, meterbridge } from '../../../src/index.ts';

/** Escape, C1, right-to-left override, zero width, line and paragraph separator. */
const hostile = 'a\u001b[2J\u0085\u202eb\u200b\u2028\u2029\nc';
const spelledOut = 'a\\u{1b}[2J\\u{85}\\u{202e}b\\u{200b}\\u{2028}\\u{2029}\\u{a}c';

test('what forges lines or turns the direction of writing is spelled out, and nothing else', () => {
  assert.equal(visible(hostile), spelledOut);
  assert.equal(visible('Zürich – 東京 "ok" \\ 🚀'), 'Zürich – 東京 "ok" \\ 🚀');
});

test('a problem of an error is one line, whatever it names', () => {
  const { message } = new MeterbridgeError('OPTION_INVALID', [{ at: hostile, got: hostile, rule: 'rule', fix: 'fix' }]);
  assert.equal(message, `${spelledOut}: got ${spelledOut}; rule. Fix: fix.`);
});

test("the message of a callback's error is one line of the log", async () => {
  const lines: string[] = [];
  const demo = contract('demo', { level: gauge({ observed: true, unit: '1', help: 'Level.' }) });
  const bridge = meterbridge(demo, { isolated: true, env: {}, log: (line) => lines.push(line) });
  bridge.metrics.level.observe(() => {
    throw new Error('down\u202e\u001b[2J');
  });
  await bridge.refresh();
  await bridge.close();
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /\(Error: down\\u\{202e\}\\u\{1b\}\[2J, at /);
});

test("an instrument's name is one line of the diagnostics", async (t) => {
  const lines: string[] = [];
  const quiet = () => {};
  const logger: DiagLogger = { error: quiet, warn: (line) => lines.push(line), info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  t.after(() => diag.disable());
  const bridge = meterbridge(contract('demo', {}), { isolated: true, env: {}, log: () => {} });
  bridge.meterProvider.getMeter('lib').createCounter('bad\u202ename');
  await bridge.close();
  assert.match(lines.join('\n'), /bad\\u\{202e\}name/);
});
