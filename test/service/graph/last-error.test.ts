/** The newest error of a component is what went wrong, not how often it did. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenOf, type NodeOptions } from '../../../src/service/graph/nodes/parts.ts';
import { createWatch } from '../../../src/service/watch/watch.ts';

test('the line that counts rejections once they have ended does not replace the error', () => {
  const lines: string[] = [];
  const write = (message: string) => void lines.push(message);
  const log = { debug: write, info: write, warn: write, error: write };
  const options = { log, listening() {}, fail() {}, clock: Date.now, extensions: new Map(), watch: createWatch(Date.now) };
  const { given, facts, gone } = givenOf('exporter', 'otlp_http', options as unknown as NodeOptions);
  const message = 'points could not be sent in time and are dropped: 503 Service Unavailable. Fix: see its log';
  for (const points of [5, 7]) given.refusal('not_sent', message, points);
  assert.equal(facts.lastError?.text, message);
  gone();
  assert.deepEqual(lines, [message, 'rejected 12 times in all: not_sent']);
  assert.equal(facts.lastError?.text, message);
  given.log.warn('the certificate has expired');
  assert.equal(facts.lastError?.text, 'the certificate has expired');
});
