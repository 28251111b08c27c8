/** The recording of the demo: columns have coordinates of their own, and of the screens exactly one is seen at any time. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { animation } from '../../../examples/demo/recording/animation.ts';
import { cellsOf } from '../../../examples/demo/recording/cells.ts';
import { root } from '../../readme/pages.ts';

test('texts begin at their columns, numbers and heads end there, and single spaces divide nothing', () => {
  const shown = (text: string, style?: 'dim') =>
    cellsOf({ text, ...(style && { style }) }).map(({ column, right, text }) => [column, right, text]);
  assert.deepEqual(shown('orders GET 200   12  –'), [
    [0, false, 'orders GET 200'],
    [19, true, '12'],
    [22, true, '–'],
  ]);
  assert.deepEqual(shown('series  pulled', 'dim'), [
    [0, false, 'series'],
    [14, true, 'pulled'],
  ]);
});

test('a line in parts keeps their styles and columns', () => {
  const parts = [
    { text: 'ours   ' },
    { text: '●●', style: 'green' as const },
    { text: '×', style: 'red' as const },
    { text: '  2 ms' },
  ];
  const line = { text: parts.map(({ text }) => text).join(''), parts };
  assert.deepEqual(
    cellsOf(line).map(({ column, text, style }) => [column, text, style]),
    [
      [0, 'ours', undefined],
      [7, '●●', 'green'],
      [9, '×', 'red'],
      [12, '2 ms', undefined],
    ],
  );
});

/** What of an animation is seen at a share of its time, as SMIL's discrete values have it: the last one whose time has come. */
function seen(svg: string, share: number): readonly string[] {
  const groups = [...svg.matchAll(/<g visibility="\w+"><animate .*? values="([^"]*)" keyTimes="([^"]*)"\/>(.*?)<\/g>/g)];
  const shown = groups.filter(([, values = '', times = '']) => {
    const at = times.split(';').findLastIndex((time) => Number(time) <= share);
    return values.split(';')[at] === 'visible';
  });
  return shown.map(([, , , content = '']) => content);
}

test('at any time exactly one screen is seen, and without an animation the one that stands for all', () => {
  const screens = Array.from({ length: 7 }, (_, at) => [{ text: 'always' }, { text: `screen ${at}` }]);
  const svg = animation(screens, { frameMs: 1_000, still: 4 });
  for (let at = 0; at < 70; at++) {
    const [content = '', ...others] = seen(svg, (at + 0.5) / 70);
    assert.deepEqual([others.length, />screen (\d)</.exec(content)?.[1]], [0, String(Math.floor(at / 10))], `${at}`);
  }
  assert.equal(svg.match(/>always</g)?.length, 1);
  assert.match(svg, /<g visibility="visible">.*screen 4/);
  assert.equal(svg.match(/<g visibility="visible">/g)?.length, 1);
});

test('docs/demo.svg is such a recording of 30 s, of at most 200 kB: the dots of one exporter turn red', () => {
  const svg = readFileSync(join(root, 'docs/demo.svg'), 'utf8');
  assert.ok(Buffer.byteLength(svg) <= 200_000);
  assert.equal(svg.match(/dur="30s"/g)?.length, 30);
  const crosses = (share: number) =>
    seen(svg, share)
      .join('')
      .match(/<path /g)?.length ?? 0;
  assert.equal(crosses(0), 0);
  assert.ok(crosses(17.5 / 30) >= 10);
});
