/** What the option `views` takes, and what it says of what it does not take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, histogram, MeterbridgeError, type ViewOptions } from '../../../../src/index.ts';
import { testBridge } from '../../../../src/testing.ts';

const declared = contract('shop', {
  orders: counter({ help: 'Orders.' }),
  heat: gauge({ help: 'Heat.', observed: true }),
  wait: histogram({ help: 'Wait.', unit: 's' }),
});

function problems(views: unknown): readonly string[] {
  try {
    testBridge(declared, { views: views as readonly ViewOptions[] });
  } catch (error) {
    assert.ok(error instanceof MeterbridgeError, String(error));
    assert.equal(error.code, 'OPTION_INVALID');
    return error.problems.map(({ at, got, rule, fix }) => `${at}: got ${got}; ${rule}; ${fix}`);
  }
  return [];
}

const everything: readonly ViewOptions[] = [
  {
    instrumentName: 'http.requests',
    instrumentType: 'COUNTER',
    instrumentUnit: '{request}',
    meterName: 'http',
    meterVersion: '1.0.0',
    meterSchemaUrl: 'https://example.com/1.0.0',
    name: 'requests',
    description: 'Requests.',
    attributeKeys: { included: ['a', 'b'], excluded: ['b'] },
    aggregation: { type: 'SUM' },
    aggregationCardinalityLimit: 1,
  },
  { instrumentType: 'HISTOGRAM', meterName: 'm', aggregation: { type: 'EXPLICIT_BUCKET_HISTOGRAM' } },
  {
    meterName: 'm',
    aggregation: { type: 'EXPLICIT_BUCKET_HISTOGRAM', options: { boundaries: [-1, 0, 1.5], recordMinMax: false } },
  },
  { meterName: 'm', aggregation: { type: 'EXPONENTIAL_HISTOGRAM', options: { maxSize: 2, maxScale: -10, recordMinMax: true } } },
  { meterName: '', aggregation: { type: 'DROP' } },
  { instrumentUnit: '', meterName: 'm', aggregation: { type: 'LAST_VALUE' } },
];
test('all that the specification has', () => assert.deepEqual(problems(everything), []));
test('none', () => assert.deepEqual(problems([]), []));

const refused: readonly [name: string, views: unknown, messages: readonly RegExp[]][] = [
  ['no list', { meterName: 'm' }, [/^options\.views: got .*it is a list/]],
  ['no object', ['http.*'], [/^options\.views\[0\]: got "http\.\*"; it is an object/]],
  [
    'no criterion',
    [{ name: 'a', description: 'b' }],
    [/^options\.views\[0\]: got no criterion; a view says which/, /views\[0\]\.name: /],
  ],
  ['an unknown key', [{ instrumentNam: 'a' }], [/^options\.views\[0\]\.instrumentNam: .*write instrumentName, the nearest key/]],
  [
    'a name for a pattern',
    [{ instrumentName: 'http.*', name: 'a' }],
    [/^options\.views\[0\]\.name: got "a"; .*without \* and \?/],
  ],
  ['a name for ?', [{ instrumentName: 'a?', name: 'a' }], [/^options\.views\[0\]\.name: .*one instrument/]],
  ['a name for a meter', [{ meterName: 'http', name: 'a' }], [/^options\.views\[0\]\.name: .*one instrument/]],
  [
    'a name that is none',
    [{ instrumentName: 'a', name: '1a' }],
    [/^options\.views\[0\]\.name: got "1a"; a name begins with a letter/],
  ],
  [
    'a type of ours',
    [{ instrumentType: 'counter' }],
    [/^options\.views\[0\]\.instrumentType: got "counter"; it is 'COUNTER' or /],
  ],
  [
    'a number of the SDK',
    [{ meterName: 'm', aggregation: { type: 2 } }],
    [/^options\.views\[0\]\.aggregation\.type: got 2; it is 'DEFAULT' or /],
  ],
  [
    'no aggregation',
    [{ meterName: 'm', aggregation: {} }],
    [/^options\.views\[0\]\.aggregation\.type: got nothing; an aggregation has a type/],
  ],
  [
    'options of a sum',
    [{ meterName: 'm', aggregation: { type: 'SUM', options: { maxSize: 4 } } }],
    [/^options\.views\[0\]\.aggregation\.options: got a key that does not exist/],
  ],
  [
    'bounds that descend',
    [{ meterName: 'm', aggregation: { type: 'EXPLICIT_BUCKET_HISTOGRAM', options: { boundaries: [1, 1, Infinity] } } }],
    [/boundaries\[1\]: got 1; bounds are finite and strictly ascending/, /boundaries\[2\]: got Infinity; /],
  ],
  [
    'sizes of exponential buckets',
    [{ meterName: 'm', aggregation: { type: 'EXPONENTIAL_HISTOGRAM', options: { maxSize: 1, maxScale: 21 } } }],
    [/options\.maxSize: got 1; maxSize is a whole number from 2/, /options\.maxScale: got 21; /],
  ],
  ['keys of no list', [{ meterName: 'm', attributeKeys: { excluded: 'a' } }], [/attributeKeys\.excluded: got "a"; it is a list/]],
  [
    'a key of no text',
    [{ meterName: 'm', attributeKeys: { included: [1] } }],
    [/attributeKeys\.included\[0\]: got 1; it is a text/],
  ],
  [
    'no limit',
    [{ meterName: 'm', aggregationCardinalityLimit: 0 }],
    [/aggregationCardinalityLimit: got 0; a limit is a whole number/],
  ],
  [
    'all problems at once',
    [{}, { meterName: 1 }],
    [/views\[0\]: got no criterion/, /views\[1\]\.meterName: got 1; it is a text/],
  ],
];
for (const [name, views, messages] of refused) {
  test(`refused: ${name}`, () => {
    const found = problems(views);
    assert.equal(found.length, messages.length, found.join('\n'));
    for (const [at, message] of messages.entries()) assert.match(found[at] as string, message);
  });
}

const ofTheContract: readonly [name: string, view: ViewOptions][] = [
  ['its name', { instrumentName: 'shop.orders' }],
  ['a pattern', { instrumentName: 'shop.*' }],
  ['its meter', { meterName: 'shop' }],
  ['its kind', { instrumentType: 'OBSERVABLE_GAUGE' }],
  ['its unit', { instrumentUnit: 's' }],
];
for (const [name, view] of ofTheContract) {
  test(`a view that selects an instrument of the contract is refused: ${name}`, () => {
    const [first, ...others] = problems([{ meterName: 'http' }, view]);
    assert.match(
      first ?? '',
      /^options\.views\[1\]: got a view that selects shop\.\S+ of the contract shop; .*no contract names/,
    );
    assert.deepEqual(others, []);
  });
}

test('a view for a version selects no instrument of a contract, whose meter has none', () => {
  assert.deepEqual(problems([{ instrumentName: '*', meterVersion: '1.0.0' }]), []);
});

test('a contract that is registered later is refused for the same reason, and the bridge goes on without it', () => {
  const { bridge } = testBridge(declared, { views: [{ meterName: 'library' }] });
  const later = contract('library', { calls: counter({ help: 'Calls.' }) });
  assert.throws(() => bridge.register(later), /options\.views\[0\].*library\.calls of the contract library/);
  assert.throws(() => bridge.register(later), { code: 'OPTION_INVALID' });
});
