import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { noSlots, slotOf, textSlots } from '../../../src/recording/store-engine/text-slots.ts';

const sets: Readonly<Record<string, readonly string[]>> = {
  'one text': ['only'],
  'the empty text among others': ['', 'a', 'bc'],
  'methods of HTTP': ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  'status codes': ['200', '201', '204', '301', '302', '304', '400', '401', '403', '404', '409', '429', '500', '502', '503'],
  'routes, one as short as can be': ['/', '/api/users', '/api/users/:id', '/api/orders', '/api/orders/:id', '/health', '/metrics'],
  'texts of one beginning, with two digits': Array.from({ length: 100 }, (_, at) => `task-${at}`),
  'texts of one beginning and length, with three digits': Array.from({ length: 250 }, (_, at) => `host-${100 + at}`),
  'texts beyond Latin-1': ['München', 'Zürich', '東京', '大阪', '🚀', '🛰'],
};

for (const [what, texts] of Object.entries(sets)) {
  test(`told apart: ${what}`, () => {
    const slots = textSlots(texts);
    const found = texts.map((text) => slotOf(slots, text));
    assert.ok(!found.includes(-1), String(texts.filter((_, at) => found[at] === -1)));
    assert.equal(new Set(found).size, texts.length);
  });
}

test('of 250 random texts most are told apart', () => {
  const texts = Array.from({ length: 250 }, (_, at) => createHash('sha1').update(String(at)).digest('hex'));
  const slots = textSlots(texts);
  assert.ok(texts.filter((text) => slotOf(slots, text) !== -1).length > 180);
});

test('another text, and what is none, has no slot', () => {
  const slots = textSlots(['200', '404', '500']);
  for (const other of ['', '4', '400', '0404', '405', 404, true, null, undefined, {}, ['404']]) assert.equal(slotOf(slots, other), -1);
  assert.equal(slotOf(noSlots, 'a'), -1);
});

test('an equal text made in another way has the same slot', () => {
  const slots = textSlots(['/api/orders/of-yesterday', '/api/orders/of-today']);
  const parts = ['/api/orders', '/of-', 'today'];
  const cut = `?${parts.join('')}!`.slice(1, -1);
  for (const text of [parts.join(''), `${parts[0]}${parts[1]}${parts[2]}`, cut]) {
    assert.equal(slotOf(slots, text), slotOf(slots, '/api/orders/of-today'));
    assert.notEqual(slotOf(slots, text), -1);
  }
});

test('property: no two texts share a slot, and none is found that was not given', () => {
  const texts = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 80 });
  fc.assert(
    fc.property(texts, fc.string({ unit: 'binary', maxLength: 12 }), (given, other) => {
      const slots = textSlots(given);
      const found = given.map((text) => slotOf(slots, text)).filter((slot) => slot !== -1);
      assert.equal(new Set(found).size, found.length);
      assert.ok(given.length === 0 || found.length > 0);
      if (!given.includes(other) && other !== '') assert.equal(slotOf(slots, other), -1);
    }),
  );
});
