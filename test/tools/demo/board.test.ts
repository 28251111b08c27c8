/** The table of the demonstration, on a terminal of 100 columns. */
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import type { Board, Row } from '../../../src/tools/demo/board/board.ts';
import { boardLines } from '../../../src/tools/demo/board/board-lines.ts';
import { boardText } from '../../../src/tools/demo/board/board-text.ts';
import { columns, widthOf } from '../../../src/tools/demo/board/columns.ts';
import { fitted, openView } from '../../../src/tools/demo/board/screen.ts';
import { counted, shownValue } from '../../../src/tools/demo/board/words.ts';

const scrapes = {
  name: 'Meterbridge',
  dots: [true, false, true],
  answered: 3,
  failed: 0,
  medianMs: 3.14,
  longestGapMs: 1_500,
  waitingMs: 0,
};
const boardOf = (rows: readonly Row[], stock = true): Board => ({
  title: 'The demo',
  addresses: [{ name: 'page', url: 'http://127.0.0.1:9470/' }],
  groups: [{ name: 'shop', state: '1 request answered', stock, rows }],
  scrapes: [scrapes],
  blockedMs: 0,
});
const textsOf = (board: Board) => boardLines(boardText(board)).map(({ text }) => text);

const number = fc.option(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()), { nil: undefined });
const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }));
const row = fc.record({ series: name, recorded: number, pulled: number, pushed: number, stock: number, rate: number });

test('no line is wider than 100 columns, and two columns of numbers never meet', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.boolean(), (rows, stock) => {
      for (const text of textsOf(boardOf(rows, stock))) assert.ok(widthOf(text) <= 100, `${widthOf(text)} columns: ${text}`);
      const table = textsOf(boardOf(rows, stock)).slice(-rows.length);
      for (const [at, { recorded, pulled, pushed, stock: other }] of rows.entries()) {
        const values = [recorded, pulled, pushed, ...(stock ? [other] : [])].map(shownValue);
        const cells = (table[at] ?? '').split(/ {2,}/);
        assert.deepEqual(cells.slice(-1 - values.length, -1), values, table[at]);
      }
    }),
  );
});

test('a timestamp in three columns keeps its spaces, and its digits', () => {
  const at = 20_260_728_110_200;
  const line = textsOf(boardOf([{ series: 'crewshipd_db_migration_version', recorded: at, pulled: at, pushed: at }], false)).at(
    -1,
  );
  assert.match(line ?? '', / {2}20260728110200 {2}20260728110200 {2}20260728110200 +–$/);
});

test('a name that is too long loses its middle', () => {
  const [line = ''] = columns([[`${'a'.repeat(80)}${'b'.repeat(80)}`, '1']], 40);
  assert.equal(line, `${'a'.repeat(18)}…${'b'.repeat(18)}  1`);
});

test('names that would move the cursor or take two columns do no harm', () => {
  const [first = '', second = ''] = columns([
    ['\x1b[2J', '1'],
    ['店店店', '1'],
  ]);
  assert.deepEqual([first, second], ['\\u{1b}[2J  1', '店店店     1']);
  assert.equal(widthOf(first), widthOf(second));
});

test('nouns agree with their numbers', () => {
  const texts = [0, 1, 2].map((count) => counted(count, 'scrape'));
  assert.deepEqual(texts, ['0 scrapes', '1 scrape', '2 scrapes']);
  assert.deepEqual([counted(1, 'series', 'series'), counted(2, 'series', 'series')], ['1 series', '2 series']);
});

test('a dot for each scrape that was due, and the median and the longest gap beside them', () => {
  const late = { ...scrapes, name: 'Other', dots: [true], failed: 1, waitingMs: 6_800 };
  const text = boardText({ ...boardOf([]), scrapes: [scrapes, late], blockedMs: 3_200 });
  const lines = boardLines(text).map((line) => line.text);
  assert.equal(lines[3], `Meterbridge  ${' '.repeat(33)}●×●  median 3.1 ms, longest gap 1.5 s`);
  assert.equal(lines[4], `Other        ${' '.repeat(35)}●  1 failed, no response for 6.8 s`);
  assert.deepEqual(text.loop, { text: 'The shop’s event loop is blocked for another 3.2 s.', bad: true });
});

test('dots are as many as there is room for, the latest to the right', () => {
  const many = { ...scrapes, dots: [...Array.from({ length: 60 }, () => true), false] };
  for (const most of [60, 80, 100]) {
    const [, , , line] = boardLines(boardText({ ...boardOf([]), scrapes: [many] }), most);
    assert.match(line?.text ?? '', /^Meterbridge {2}●+× {2}median/);
    assert.ok((line?.text.length ?? 0) <= most);
    assert.equal(line?.parts?.map(({ text }) => text).join(''), line?.text);
    assert.deepEqual(
      line?.parts?.map(({ style }) => style),
      [undefined, 'green', 'red', undefined],
    );
  }
});

test('what does not fit one screen is counted', () => {
  const lines = Array.from({ length: 40 }, (_, at) => ({ text: String(at) }));
  const shown = fitted(lines, 24);
  assert.equal(shown.length, 23);
  assert.match(shown.at(-1)?.text ?? '', /^… 18 more lines/);
  assert.equal(fitted(lines, 41), lines);
});

/** What is written to a stream, a terminal or not. */
function written(terminal: object, env: NodeJS.ProcessEnv): string {
  let text = '';
  const out = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const view = openView(Object.assign(out, terminal), () => boardText(boardOf([{ series: 'a' }])), env);
  view.update();
  view.close();
  return text;
}

test('without a terminal, or on one that cannot move its cursor, lines are plain', () => {
  for (const text of [written({}, {}), written({ isTTY: true }, { TERM: 'dumb' })]) {
    assert.equal(stripVTControlCharacters(text), text);
    assert.match(text, /^page: http:\/\/127\.0\.0\.1:9470\/\n\d\d:\d\d:\d\d {2}shop: 1 request answered\n$/);
  }
});

test('NO_COLOR takes the colours away, and the screen stays', () => {
  const terminal = { isTTY: true, columns: 100, rows: 30 };
  // Bold, as ECMA-48 8.3.117 (SGR) has it.
  const bold = '\x1b[1m';
  assert.ok(written(terminal, {}).includes(bold));
  assert.ok(written(terminal, { NO_COLOR: '' }).includes(bold));
  const plain = written(terminal, { NO_COLOR: '1' });
  assert.ok(!plain.includes(bold));
  assert.ok(plain.startsWith('\x1b[?25l\x1b[2J\x1b[H') && plain.endsWith('\x1b[?25h'), 'the cursor comes back');
});
