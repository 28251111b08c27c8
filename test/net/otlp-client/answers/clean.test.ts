import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCleaner } from '../../../../src/net/otlp-client/answers/clean.ts';
import { assertLinear } from '../../../linear.ts';

const url = 'http://ada:abc@c/v1/metrics?v=7';

test('a short secret is taken out as a word, and not out of words', () => {
  const clean = createCleaner({ url, headers: { 'x-scope': 'q1' } });
  assert.equal(clean('abc, abcd, (q1), q12, 7 of 70, Canada'), '[redacted], abcd, ([redacted]), q12, [redacted] of 70, Canada');
});

test('secrets that overlap leave nothing of either', () => {
  const clean = createCleaner({ url, headers: { a: 'xxabcd', b: 'abcdef' } });
  assert.equal(clean('1 xxabcdef 2'), '1 [redacted] 2');
});

test('a secret that is cut off with the text is taken out as far as it is there', () => {
  const clean = createCleaner({ url, headers: { authorization: 'Bearer 0123456789' } });
  assert.equal(clean(`said${' '.repeat(4096 - 4 - 8)}01234567${'89'.repeat(99)}`), 'said [redacted]');
});

test('what names the client is no secret: its words are those of messages', () => {
  const clean = createCleaner({ url, headers: { 'user-agent': 'My Service', accept: 'application/json' } });
  assert.equal(clean('Service Unavailable: application/json'), 'Service Unavailable: application/json');
});

test('hostile texts are cleaned in linear time', () => {
  const clean = createCleaner({ url, headers: { authorization: `Bearer ${'a'.repeat(2_000)}b` } });
  for (const unit of ['a', ' ', '\\', '\u202e', '\\/']) {
    assertLinear((length) => {
      const text = unit.repeat(length);
      return () => clean(text);
    }, 200_000);
  }
});
