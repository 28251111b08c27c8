import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { noSlots, numberOf, textSlots } from '../../../../src/library/recording/store-engine/text-slots.ts';

const sets: Readonly<Record<string, readonly string[]>> = {
  'one text': ['only'],
  'short ones': ['a', 'bc', 'd'],
  'names with a long beginning and a long end in common': Array.from(
    { length: 20 },
    (_, at) => `warehouse/customer-${1_000 + at * 7}/export-to-storage`,
  ),
  'templates of routes': ['orders', 'users', 'items'].flatMap((what) =>
    ['', '/:id', '/:id/items', '/:id/items/v2'].map((rest) => `/api/${what}${rest}`),
  ),
  'methods of HTTP': ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  'status codes': ['200', '201', '204', '301', '302', '304', '400', '401', '403', '404', '409', '429', '500', '502', '503'],
  'routes, one as short as can be': [
    '/',
    '/api/users',
    '/api/users/:id',
    '/api/orders',
    '/api/orders/:id',
    '/health',
    '/metrics',
  ],
  'texts of one beginning, with two digits': Array.from({ length: 100 }, (_, at) => `task-${at}`),
  'texts beyond Latin-1': ['München', 'Zürich', '東京', '大阪', '🚀', '🛰'],
};

for (const [what, texts] of Object.entries(sets)) {
  test(`told apart: ${what}`, () => {
    const slots = textSlots(texts);
    const found = texts.map((text) => numberOf(slots, text));
    assert.ok(!found.includes(0), String(texts.filter((_, at) => found[at] === 0)));
    assert.equal(new Set(found).size, texts.length);
  });
}

for (const [what, texts] of [
  ['500 hexadecimal numbers', Array.from({ length: 500 }, (_, at) => createHash('sha1').update(String(at)).digest('hex'))],
  ['250 names with three digits', Array.from({ length: 250 }, (_, at) => `host-${100 + at}`)],
] as const) {
  test(`nearly all are told apart: ${what}`, () => {
    const slots = textSlots(texts);
    assert.ok(texts.filter((text) => numberOf(slots, text) !== 0).length > 0.95 * texts.length);
  });
}

test('the empty text has no number, beside others that have', () => {
  const slots = textSlots(['', 'a', 'bc']);
  assert.deepEqual(
    ['', 'a', 'bc'].map((text) => numberOf(slots, text)),
    [0, 2, 3],
  );
});

test('another primitive has the number of its text, and none without one', () => {
  const others = new Map<unknown, string>([
    [404, '404'],
    [true, 'true'],
    [500n, '500'],
  ]);
  const slots = textSlots(['200', '404', 'true'], others);
  assert.deepEqual(
    [404, true, 500n, 200, 'true'].map((value) => numberOf(slots, value)),
    [2, 3, 0, 0, 3],
  );
});

test('texts that were made to share a slot do not lengthen a search', () => {
  // The ends of these differ in no more than two characters that anybody reads.
  const texts = Array.from({ length: 1_000 }, (_, at) => `${at}${'x'.repeat(200)}`.slice(0, 200));
  const slots = textSlots(texts);
  const known = texts.filter((text) => numberOf(slots, text) !== 0);
  assert.ok(known.length > 0 && known.length <= 48, String(known.length));
});

test('another text, and what is none, has no slot', () => {
  const slots = textSlots(['200', '404', '500']);
  for (const other of ['', '4', '400', '0404', '405', 404, true, null, undefined, {}, ['404']])
    assert.equal(numberOf(slots, other), 0);
  assert.equal(numberOf(noSlots, 'a'), 0);
});

test('an equal text made in another way has the same slot', () => {
  const slots = textSlots(['/api/orders/of-yesterday', '/api/orders/of-today']);
  const parts = ['/api/orders', '/of-', 'today'];
  const cut = `?${parts.join('')}!`.slice(1, -1);
  for (const text of [parts.join(''), `${parts[0]}${parts[1]}${parts[2]}`, cut]) {
    assert.equal(numberOf(slots, text), numberOf(slots, '/api/orders/of-today'));
    assert.notEqual(numberOf(slots, text), 0);
  }
});

test('property: no two texts share a slot, and none is found that was not given', () => {
  const texts = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 80 });
  fc.assert(
    fc.property(texts, fc.string({ unit: 'binary', maxLength: 12 }), (given, other) => {
      const slots = textSlots(given);
      const found = given.map((text) => numberOf(slots, text)).filter((slot) => slot !== 0);
      assert.equal(new Set(found).size, found.length);
      assert.ok(given.join('') === '' || found.length > 0);
      if (!given.includes(other) && other !== '') assert.equal(numberOf(slots, other), 0);
    }),
  );
});
