import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYaml } from '../../../src/yaml.ts';
import { assertLinear } from '../../linear.ts';

// YAML 1.2.2, section 10.3: the core schema.
for (const [source, value] of [
  ['a: 1\nb: [x, true, null, 0.5]\n', { a: 1, b: ['x', true, null, 0.5] }],
  ['a: &x {k: v}\nb: *x\n', { a: { k: 'v' }, b: { k: 'v' } }],
  ['yes: no\n', { yes: 'no' }],
  ['', null],
] as const) {
  test(`reads ${JSON.stringify(source)}`, () => assert.deepEqual(parseYaml(source), { ok: true, value }));
}

for (const [source, line, column] of [
  ['a: 1\nb:\n  c: 1\n  c: 2\n', 4, 3],
  ['a: [1\n', 2, 1],
  ['a: 1\n b: 2\n', 1, 4],
] as const) {
  test(`refuses ${JSON.stringify(source)}, at ${line}:${column}`, () => {
    const read = parseYaml(source);
    assert.deepEqual(read.ok ? read : [read.line, read.column], [line, column]);
  });
}

test('an alias of nothing, and one that grows without end, are refused', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]', ...'bcd'.split('').map(grown)].join('\n');
  for (const source of ['a: *x\n', bomb]) assert.equal(parseYaml(source).ok, false);

  function grown(name: string, at: number): string {
    const before = 'abc'[at];
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`;
  }
});

test('more than 1,000 aliases are refused', () => {
  const names = Array.from({ length: 100 }, (_, at) => `a${at}`);
  const anchors = names
    .map(
      (name) => `${name}: &${name} v
`,
    )
    .join('');
  const source = (count: number) => `${anchors}b: [${Array.from({ length: count }, (_, at) => `*${names[at % 100]}`).join(', ')}]
`;
  assert.deepEqual(
    [1_000, 1_001].map((count) => parseYaml(source(count)).ok),
    [true, false],
  );
});

for (const [what, make] of [
  ['keys', (at: number) => `k${at}: 1\n`],
  ['aliases', (at: number) => `k${at}: &a${at} v\nl${at}: *a${at}\n`],
  ['lines of a list', (at: number) => `- ${at}\n`],
] as const) {
  test(`${what} take linear time`, () => {
    assertLinear((size) => {
      const text = Array.from({ length: size }, (_, at) => make(at)).join('');
      return () => parseYaml(text);
    }, 2_000);
  });
}
