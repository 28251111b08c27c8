import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { appended, between, markersOf } from '../../../../src/tools/generate/docs/index.ts';

const markers = markersOf('shop');
const [begin, end] = ['<!-- meterbridge docs shop: begin -->', '<!-- meterbridge docs shop: end -->'];

function replaced(file: Buffer | string, text: string): Buffer {
  const part = between(Buffer.from(file), markers);
  assert.ok(part.ok, JSON.stringify(part));
  return part.replaced(text);
}

test('everything outside stays as it is, byte for byte', () => {
  // Neither UTF-8 nor one kind of line end.
  const before = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x00, 0x0d, 0x0a, 0x0d, 0x0a]);
  const after = Buffer.from([0xe4, 0x0a, 0x0d, 0xfe]);
  const file = Buffer.concat([before, Buffer.from(`${begin}\nold\n${end}\n`), after]);
  assert.deepEqual(replaced(file, 'nëw\n'), Buffer.concat([before, Buffer.from(`${begin}\nnëw\n${end}\n`), after]));
});

test('the lines have the line end of the marker', () => {
  assert.equal(replaced(`${begin}\r\nold\r\n${end}\r\n`, 'a\nb\n').toString(), `${begin}\r\na\r\nb\r\n${end}\r\n`);
  const part = between(Buffer.from(`${begin}\r\na\r\nb\r\n${end}`), markers);
  assert.equal(part.ok && part.text, 'a\nb\n');
});

test('nothing between the markers, and nothing behind them', () => {
  assert.equal(replaced(`${begin}\n${end}`, 'a\n').toString(), `${begin}\na\n${end}`);
});

test('another contract’s part and a marker within a line are none of ours', () => {
  const others = `see ${begin}\n${begin.replace('shop', 'shop2')}\nx\n${end.replace('shop', 'shop2')}\n`;
  assert.equal(replaced(`${others}${begin}\n${end}\n`, 'a\n').toString(), `${others}${begin}\na\n${end}\n`);
  assert.deepEqual(between(Buffer.from(others), markers), { ok: false, problem: 'none', got: 'neither marker' });
});

describe('broken markers', () => {
  for (const [name, file, got] of [
    ['no end', `${begin}\n`, '1 times the begin, 0 times the end'],
    ['no begin', `${end}\n`, '0 times the begin, 1 times the end'],
    ['twice', `${begin}\n${end}\n${begin}\n${end}\n`, '2 times the begin, 2 times the end'],
    ['in reverse', `\n${end}\n${begin}\n`, 'the end in line 2, the begin in line 3'],
  ] as const)
    test(name, () => assert.deepEqual(between(Buffer.from(file), markers), { ok: false, problem: 'broken', got }));
});

describe('appending', () => {
  for (const [name, file, expected] of [
    ['to nothing', '', `${begin}\na\n${end}\n`],
    ['to a page', '# Page\n', `# Page\n\n${begin}\na\n${end}\n`],
    ['to a page without a last line end', '# Page', `# Page\n\n${begin}\na\n${end}\n`],
    ['to a page of Windows', '# Page\r\n', `# Page\r\n\r\n${begin}\r\na\r\n${end}\r\n`],
  ] as const)
    test(name, () => assert.equal(appended(Buffer.from(file), markers, 'a\n').toString(), expected));
});
