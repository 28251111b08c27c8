import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseAccept } from '../../../src/formats/exposition/accept.ts';
import { escapingOf, negotiate } from '../../../src/formats/exposition/negotiate.ts';
import { assertLinear } from '../../linear.ts';
import { scrapers } from './scrapers.ts';

const openmetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const text = 'text/plain; version=0.0.4; charset=utf-8';
const protobuf = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const protobufReply = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const json = 'application/json';
/** As docs/formats.md has it; `scrapers.test.ts` holds the answers. */
const sentBy = (name: string): string => scrapers.find(({ scraper }) => scraper === name)?.accept ?? assert.fail(name);
const prometheus242 = sentBy('Prometheus 2.42 to 2.48');
const prometheus314 = sentBy('Prometheus 3.4 to 3.14');

/** Whatever the default is: the client stated a preference. */
const stated: Readonly<Record<string, readonly [string, string]>> = {
  protobuf: [protobuf, protobufReply],
  'protobuf of less weight': [`${protobuf};q=0.2,text/plain;q=0.3`, text],
  'protobuf of equal weight is as precise as a version, and first': [`${protobuf},text/plain;version=0.0.4`, protobufReply],
  'protobuf refused': [`${protobuf};q=0,text/plain;q=0.1`, text],
  'protobuf as text': [protobuf.replace('delimited', 'text').concat(',text/plain;q=0.1'), text],
  'protobuf of another message': [protobuf.replace('MetricFamily', 'Metric').concat(',text/plain;q=0.1'), text],
  'protobuf that escapes in a way that we do not write': [`${protobuf};escaping=dots`, `${protobufReply}; escaping=underscores`],
  'no wildcard asks for protobuf': [
    '*/*, application/openmetrics-text;q=0, text/plain;q=0.1',
    'text/plain; version=0.0.4; charset=utf-8',
  ],
  JSON: [json, json],
  'JSON and anything else': [`${json}, */*`, json],
  'a program that reads JSON, and text where there is none': [`${json}, text/plain;q=0.9, */*;q=0.8`, json],
  'JSON of less weight': [`${json};q=0.5,text/plain`, text],
  // As Prometheus 0.x asked.
  'JSON of another schema': ['application/json;schema="prometheus/telemetry";version=0.0.2;q=0.2,text/plain;q=0.1', text],
  'promtool recipe': ['text/plain', text],
  'text 0.0.4': ['text/plain;version=0.0.4', text],
  'text 1.0.0': [
    'text/plain;version=1.0.0;escaping=underscores',
    'text/plain; version=1.0.0; charset=utf-8; escaping=underscores',
  ],
  'OpenMetrics without version': ['application/openmetrics-text', openmetrics],
  'OpenMetrics 0.0.1': [
    'application/openmetrics-text;version=0.0.1',
    'application/openmetrics-text; version=0.0.1; charset=utf-8',
  ],
  'a version that nobody writes, then text': ['application/openmetrics-text;version=2.0.0,text/plain;q=0.1', text],
  'text weighs more': ['application/openmetrics-text;q=0.3, text/plain;q=0.9', text],
  'the version is more precise': ['text/plain, application/openmetrics-text;version=1.0.0', openmetrics],
  'the first of equals': ['text/plain, application/openmetrics-text', text],
  'weight 0 refuses': ['application/openmetrics-text;q=0, text/plain;q=0.1', text],
  'a wildcard without OpenMetrics': ['*/*, application/openmetrics-text;q=0', text],
  'a wildcard without text': ['*/*, text/plain;q=0', openmetrics],
  'text/*': ['text/*', text],
  'application/*': ['application/*', openmetrics],
  'upper case and spaces': ['Text/Plain ; Version=0.0.4 ; Q=0.5', text],
  'quoted parameters': ['application/openmetrics-text; version="1.0.0"', openmetrics],
  'escaping that we do not write': [
    'application/openmetrics-text;version=1.0.0;escaping=dots',
    `${openmetrics}; escaping=underscores`,
  ],
  'a range with parameters decides ahead of one without': [
    'text/plain;version=0.0.4;q=0.1,text/plain;q=1',
    'text/plain; version=1.0.0; charset=utf-8',
  ],
  'a type decides ahead of the wildcard': ['text/plain;q=0.5,*/*;q=0.8', openmetrics],
  'a range decides ahead of the wildcard': ['text/*;q=0.1,*/*', openmetrics],
  'the wildcard weighs more than a type': ['application/openmetrics-text;q=0.5,*/*;q=0.8', text],
  'a refused version leaves the others': ['text/plain;version=0.0.4;q=0,text/*', 'text/plain; version=1.0.0; charset=utf-8'],
  'a refused range, and a type in it': ['text/*;q=0,text/plain;q=0.1,*/*;q=0', text],
  'a refused type, and the range around it': ['text/plain;q=0,text/*,application/*;q=0.1', openmetrics],
  'a comma in a quoted string': ['text/plain;a="\\",application/openmetrics-text"', text],
  'an unreadable weight is passed over': ['application/openmetrics-text;q=high, text/plain', text],
};

const formats = [
  ['text/', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
  ['application/vnd.google.protobuf', 'protobuf'],
  [json, 'json'],
] as const;

const unstated: Readonly<Record<string, string | undefined>> = {
  'no header': undefined,
  'an empty header': '',
  curl: '*/*',
  'a weighted wildcard': '*/*;q=0.8',
  'a browser': 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
  'JSON refused': 'application/json;q=0,*/*',
  'JSON of another schema only': 'application/json;schema="prometheus/telemetry";version=0.0.2',
  'protobuf without parameters': 'application/vnd.google.protobuf',
  'everything refused': '*/*;q=0',
  rubbish: ';;,=",q=',
};

for (const [name, [accept, contentType]] of Object.entries(stated)) {
  for (const preferred of ['openmetrics', 'text'] as const) {
    test(`a preference, default ${preferred}: ${name}`, () => {
      const [, format] = formats.find(([type]) => contentType.startsWith(type)) ?? assert.fail(contentType);
      assert.deepEqual(negotiate(accept, preferred), { format, contentType });
    });
  }
}

for (const [name, accept] of Object.entries(unstated)) {
  test(`no preference: ${name}`, () => {
    assert.deepEqual(negotiate(accept, 'openmetrics'), { format: 'openmetrics', contentType: openmetrics });
    assert.deepEqual(negotiate(accept, 'text'), { format: 'text', contentType: text });
  });
}

const offersOne: Readonly<Record<string, string | undefined>> = {
  ...unstated,
  'Prometheus 3.14': prometheus314,
  protobuf,
  OpenMetrics: 'application/openmetrics-text',
};
for (const [name, accept] of Object.entries(offersOne)) {
  test(`what is not on offer is never the answer: ${name}`, () => {
    assert.equal(negotiate(accept, 'text', ['text']).format, 'text');
    assert.equal(negotiate(accept, 'openmetrics', ['openmetrics']).format, 'openmetrics');
  });
}

/** What a Collector v0.159 answers, with OpenMetrics and without. */
const escapings: Readonly<Record<string, readonly [accept: string | undefined, withOpenMetrics: string, textOnly: string]>> = {
  'no header': [undefined, 'underscores', 'underscores'],
  curl: ['*/*', 'underscores', 'underscores'],
  'Prometheus 2.42': [prometheus242, 'underscores', 'underscores'],
  'Prometheus 3.14': [prometheus314, 'allow-utf-8', 'allow-utf-8'],
  'Prometheus 3.14 that wants underscores': [
    prometheus314.replaceAll('allow-utf-8', 'underscores'),
    'underscores',
    'underscores',
  ],
  'an old version': ['text/plain;version=0.0.4;escaping=allow-utf-8', 'allow-utf-8', 'allow-utf-8'],
  dots: ['text/plain;escaping=dots', 'dots', 'dots'],
  values: ['application/openmetrics-text;escaping=values', 'values', 'values'],
  'one that there is not': ['text/plain;escaping=nope', 'underscores', 'underscores'],
  'of a better range': ['application/openmetrics-text;escaping=allow-utf-8,text/plain;q=0.5', 'allow-utf-8', 'allow-utf-8'],
  'of a worse range': ['text/plain,application/openmetrics-text;escaping=allow-utf-8;q=0.5', 'underscores', 'underscores'],
};
for (const [name, [accept, withOpenMetrics, textOnly]] of Object.entries(escapings)) {
  test(`the escaping that a client wants: ${name}`, () => {
    assert.equal(escapingOf(accept, 'text'), withOpenMetrics);
    assert.equal(escapingOf(accept, 'text', ['text']), textOnly);
  });
}

test('the content type names the escaping in all versions', () => {
  const answer = (accept: string) => negotiate(accept, 'text', undefined, 'dots').contentType;
  assert.equal(answer('*/*'), `${text}; escaping=dots`);
  assert.equal(answer('application/openmetrics-text;escaping=values'), `${openmetrics}; escaping=dots`);
});

test('any header gets an answer', () => {
  const piece = fc.oneof(fc.constantFrom('text/plain', '*/*', ';q=0.', ',', '"', '\\', ';', '='), fc.string());
  fc.assert(fc.property(fc.array(piece), (parts) => void negotiate(parts.join(''), 'text')));
});

for (const piece of ['"\\', '"', '\\', '"\\"', '"a"', ',', ';', ';a=', ';a="', ' ', ', ', 'a/b;q=1,', '*/*,']) {
  test(`a header is read in linear time: ${piece}`, () => {
    for (const read of [parseAccept, (header: string) => negotiate(header, 'text')]) {
      assertLinear((length) => {
        const header = piece.repeat(length / piece.length);
        return () => read(header);
      }, 100_000);
    }
  });
}
