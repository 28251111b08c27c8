/** A Markdown report fits in a comment on GitHub, and says what it has left out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitedMarkdown } from '../../../../src/tools/check/report/limited.ts';

/** Of GitHub: "Body is too long (maximum is 65536 characters)". */
const most = 65_536;
const rowsOf = (count: number, length: number) => Array.from({ length: count }, (_, at) => `${at} ${'x'.repeat(length)}\n`);
const part = (rows: readonly string[], what: string) => ({ before: `<${what}>\n`, rows, after: `</${what}>\n`, what });

test('what fits is whole', () => {
  assert.equal(limitedMarkdown([part(['a\n', 'b\n'], 'one'), part(['c\n'], 'two')]), '<one>\na\nb\n</one>\n\n<two>\nc\n</two>\n');
});

test('what does not fit is counted, the last parts first', () => {
  const text = limitedMarkdown([
    part(rowsOf(100, 300), 'one'),
    part(rowsOf(1_000, 300), 'two'),
    part(rowsOf(5, 40_000), 'three'),
  ]);
  assert.ok(text.length <= most, `${text.length} characters`);
  assert.ok(text.length > most / 2);
  assert.ok(text.includes('<one>') && text.includes('\n99 x') && text.includes('</two>') && !text.includes('three>'));
  const kept = text.match(/^\d+ x+$/gm)?.length ?? 0;
  assert.ok(text.includes(`**Left out: ${1_100 - kept} two, 5 three.**`), text.slice(-300));
});

test('a row that is too long does not keep out the others', () => {
  const text = limitedMarkdown([part(['a\n', `${'y'.repeat(70_000)}\n`, 'b\n'], 'rows')]);
  assert.ok(text.startsWith('<rows>\na\nb\n</rows>\n\n**Left out: 1 rows.**'), text.slice(0, 200));
});
