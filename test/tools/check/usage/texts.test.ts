/** A part of a text in YAML or JSON is replaced: the file then says the new text, and is otherwise the same, byte for byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { jsonTree } from '../../../../src/tools/check/usage/source/json-tree.ts';
import { get, type Node, type ScalarNode } from '../../../../src/tools/check/usage/source/node.ts';
import { apply, wholeText } from '../../../../src/tools/check/usage/source/text.ts';
import { yamlTree } from '../../../../src/tools/check/usage/source/yaml-tree.ts';

function scalar(root: Node | undefined): ScalarNode {
  const node = get(root, 'expr');
  assert.ok(node?.kind === 'scalar', `got ${node?.kind}`);
  return node;
}

const inYaml = (file: string) => scalar(yamlTree(wholeText(file)).documents[0]).text;

/** Replaces the first `old` of the expression. */
function replaced(file: string, old: string, text: string): string {
  const found = inYaml(file);
  const from = found.text.indexOf(old);
  assert.ok(from >= 0, `${JSON.stringify(found.text)} has no ${old}`);
  const edits = found.edits([{ from, to: from + old.length, text }]);
  assert.ok(edits !== undefined);
  return apply(file, edits);
}

const styles: readonly (readonly [string, string, string])[] = [
  ['plain', 'expr: rate(a_total[5m]) # why\nb: 1\n', 'expr: rate(b_total[5m]) # why\nb: 1\n'],
  ['plain, over lines', 'expr: sum(\n  a_total\n  )\n', 'expr: sum(\n  b_total\n  )\n'],
  ['single quotes', `expr: 'a_total{x="it''s"}'\n`, `expr: 'b_total{x="it''s"}'\n`],
  ['double quotes', 'expr: "1 + a_total{x=\\"\\u00e9\\"}"\r\n', 'expr: "1 + b_total{x=\\"\\u00e9\\"}"\r\n'],
  ['literal', 'expr: |-  # why\n    1\n      + a_total\n\nb: 1\n', 'expr: |-  # why\n    1\n      + b_total\n\nb: 1\n'],
  ['folded', 'expr: >\n  1 +\n  a_total\n\n\n', 'expr: >\n  1 +\n  b_total\n\n\n'],
  ['CRLF', 'expr: |\r\n  1 +\r\n  a_total\r\n', 'expr: |\r\n  1 +\r\n  b_total\r\n'],
  ['explicit indentation', 'expr: |2+\n    1 +\n  a_total\n\n', 'expr: |2+\n    1 +\n  b_total\n\n'],
  ['in a flow mapping', '{expr: a_total, b: 1}', '{expr: b_total, b: 1}'],
  ['in JSON, which is YAML, too', '{"expr": "\\ta_total"}', '{"expr": "\\tb_total"}'],
];
for (const [name, file, expected] of styles) {
  test(`a name is replaced in a scalar: ${name}`, () => assert.equal(replaced(file, 'a_total', 'b_total'), expected));
}

test('a plain scalar that its new text does not allow gets single quotes', () => {
  assert.equal(replaced(`expr: a{x='1'} + 2 # why\n`, 'a{', `b{y=": ", `), `expr: 'b{y=": ", x=''1''} + 2' # why\n`);
  assert.equal(replaced('{expr: a_total}', 'a_total', 'b{x="1"}'), `{expr: 'b{x="1"}'}`);
});

test('what is inserted stays on the line of the character before it', () => {
  const file = 'expr: |-\n  a\n  /\n  b\n';
  const found = inYaml(file);
  const edits = found.edits([
    { from: 0, to: 0, text: '(' },
    { from: 1, to: 1, text: ')' },
    { from: 4, to: 4, text: '(' },
    { from: 5, to: 5, text: ')' },
  ]);
  assert.equal(apply(file, edits ?? []), 'expr: |-\n  (a)\n  /\n  (b)\n');
});

const words = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '\n', "'", '"', '\\', ':', '#', '{', 'é', '😀', '\t', ','),
  maxLength: 30,
});
const styleNames = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

/** What a person, or another program, may have written. */
const layouts = fc.record({
  style: fc.constantFrom(...styleNames),
  lineWidth: fc.constantFrom(0, 20, 80),
  indent: fc.integer({ min: 1, max: 5 }),
  crlf: fc.boolean(),
});

function isReadable(file: string): boolean {
  try {
    return typeof parse(file).nested.expr === 'string';
  } catch {
    return false;
  }
}

function written(
  text: string,
  { style, lineWidth, indent, crlf }: { style: (typeof styleNames)[number]; lineWidth: number; indent: number; crlf: boolean },
) {
  const file = stringify({ before: 1, nested: { expr: text }, after: [2] }, { defaultStringType: style, lineWidth, indent });
  // The library does not always read what it has written.
  fc.pre(isReadable(file));
  return crlf ? file.replaceAll('\n', '\r\n') : file;
}

test('every style is read as the YAML library reads it, with each character in its place', () => {
  fc.assert(
    fc.property(words, layouts, (text, layout) => {
      const file = written(text, layout);
      const node = get(yamlTree(wholeText(file)).documents[0], 'nested', 'expr');
      assert.ok(node?.kind === 'scalar');
      const expected = parse(file).nested.expr;
      assert.equal(node.value, expected);
      // A text that can be written is one whose places are known.
      assert.notEqual(node.text.edits([]), undefined, `${JSON.stringify(file)} has places`);
    }),
    { numRuns: 3_000 },
  );
});

test('a replaced part is read again as the new text, and all else is the same', () => {
  const parts = fc.tuple(
    fc.string({ unit: fc.constantFrom('a', 'b', '(', ' + ', '\n', '"'), minLength: 1, maxLength: 8 }),
    fc.nat(),
    fc.nat(),
  );
  const short = fc
    .string({ unit: fc.constantFrom('x', '"', "'", '{', ', ', ': ', 'é', '\\'), maxLength: 5 })
    .map((text) => `<${text}>`);
  fc.assert(
    fc.property(parts, short, layouts, ([text, a, b], inserted, layout) => {
      const file = written(`s${text}e`, layout);
      const node = get(yamlTree(wholeText(file)).documents[0], 'nested', 'expr');
      assert.ok(node?.kind === 'scalar');
      const [from = 0, to = 0] = [1 + (a % (text.length + 1)), 1 + (b % (text.length + 1))].toSorted((x, y) => x - y);
      const edit = { from, to, text: inserted };
      const edits = node.text.edits([edit]);
      // Among line breaks and the white space behind them there is no place in a folded scalar.
      if (edits === undefined && text.includes('\n')) return;
      assert.ok(edits !== undefined);
      assert.deepEqual(parse(apply(file, edits)), { before: 1, nested: { expr: apply(node.text.text, [edit]) }, after: [2] });
    }),
    { numRuns: 3_000 },
  );
});

test('JSON: a replaced part is read again as the new text, and all else is the same', () => {
  const escaped = (text: string) =>
    Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.nat(),
      fc.nat(),
      fc.boolean(),
      (text, inserted, a, b, long) => {
        const string = long ? `"${escaped(text)}"` : JSON.stringify(text);
        const file = `{ "before" : [1, -2.5e3, null, true],\r\n\t"expr": ${string} , "after":{"😀":"\\/"}}\n`;
        const tree = jsonTree(wholeText(file));
        const found = scalar(tree.documents[0]).text;
        assert.equal(found.text, text);
        const [from = 0, to = 0] = [a % (text.length + 1), b % (text.length + 1)].toSorted((x, y) => x - y);
        const edits = found.edits([{ from, to, text: inserted }]);
        assert.ok(edits !== undefined);
        const after = apply(file, edits);
        assert.equal(JSON.parse(after).expr, text.slice(0, from) + inserted + text.slice(to));
        assert.equal(after.replace(/"expr": "(?:[^"\\]|\\.)*"/s, ''), file.replace(/"expr": "(?:[^"\\]|\\.)*"/s, ''));
      },
    ),
    { numRuns: 1_000 },
  );
});

for (const file of [
  '{"expr": "a"',
  '{"expr": }',
  '["a",]',
  '{"a" "b"}',
  'nul',
  '"\\x"',
  '{}{}',
  `${'['.repeat(300)}${']'.repeat(300)}`,
]) {
  test(`not JSON, with its place: ${file.slice(0, 20)}`, () => {
    const { problem, documents } = jsonTree(wholeText(file));
    assert.match(problem?.message ?? '', /^not JSON: /);
    assert.ok((problem?.offset ?? -1) >= 0 && documents.length === 0);
  });
}

test('YAML that is broken, or nested too deeply, is a problem with a place', () => {
  assert.match(yamlTree(wholeText('groups:\n  - a: b: c\n')).problem?.message ?? '', /^not YAML: /);
  assert.match(yamlTree(wholeText('['.repeat(200_000))).problem?.message ?? '', /^not YAML/);
});
