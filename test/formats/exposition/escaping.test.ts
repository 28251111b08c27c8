/** Prometheus' escaping schemes. Expected values: what a Collector v0.159 shows (client_golang). */
import assert from 'node:assert/strict';
import test from 'node:test';
import { type Escaping, escapedLabel, escapedName } from '../../../src/formats/exposition/escaping.ts';

const names: Readonly<Record<string, Readonly<Record<Escaping, string>>>> = {
  http_requests_total: {
    'allow-utf-8': 'http_requests_total',
    underscores: 'http_requests_total',
    dots: 'http_requests_total',
    values: 'http_requests_total',
  },
  'http.requests_total': {
    'allow-utf-8': 'http.requests_total',
    underscores: 'http_requests_total',
    dots: 'http_dot_requests__total',
    values: 'U__http_2e_requests__total',
  },
  größe: { 'allow-utf-8': 'größe', underscores: 'gr__e', dots: 'gr____e', values: 'U__gr_f6__df_e' },
  '1st': { 'allow-utf-8': '1st', underscores: '_st', dots: '__st', values: 'U___31_st' },
  'a 😱:b': { 'allow-utf-8': 'a 😱:b', underscores: 'a__:b', dots: 'a____:b', values: 'U__a_20__1f631_:b' },
};

for (const [name, escaped] of Object.entries(names)) {
  for (const [escaping, expected] of Object.entries(escaped) as [Escaping, string][]) {
    test(`${name}, ${escaping}`, () => assert.equal(escapedName(name, escaping), expected));
  }
}

test('a label has no colon, and does not begin with two underscores', () => {
  assert.equal(escapedLabel('a:b', 'underscores'), 'a_b');
  assert.equal(escapedLabel('._name__', 'underscores'), '_name__');
  assert.equal(escapedLabel('a:b', 'values'), 'U__a_3a_b');
  assert.equal(escapedLabel('http.route', 'dots'), 'http_dot_route');
});
