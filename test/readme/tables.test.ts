/**
 * Tables in the documentation are what the command line gives, between two comments that name its arguments:
 *
 *     <!-- meterbridge series runwisp -->
 *     (a fenced block of text; what a command gives as Markdown stands as it is)
 *     <!-- end -->
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../cli/run-command.ts';
import { pages, pageText } from './pages.ts';

const marked = /^<!-- meterbridge ([^\n]+) -->\n([\s\S]*?)^<!-- end -->$/gm;
const tables = pages.flatMap((page) => [...pageText(page).matchAll(marked)].map(([, args = '', text = '']) => ({ page, args, text })));

for (const { page, args, text } of tables) {
  test(`${page}: the table of "meterbridge ${args}" is what the command gives`, () => {
    const { stdout, stderr, status } = runCommand(args.split(' '));
    assert.equal(status, 0, stderr);
    const message = `${page} is out of date: replace the block with the output of npm run --silent meterbridge -- ${args}`;
    assert.equal(text.trim(), args.endsWith(' markdown') ? stdout.trim() : `\`\`\`text\n${stdout}\`\`\``, message);
  });
}

for (const host of ['runwisp', 'wasmrun', 'solti']) {
  test(`docs/${host}.md has the table of its series`, () => {
    const found = tables.some(({ page, args }) => page === `docs/${host}.md` && args === `series ${host}`);
    assert.ok(found, `it has no block between <!-- meterbridge series ${host} --> and <!-- end -->`);
  });
}

test('no comment is left without its other half', () => {
  const count = (what: RegExp) => pages.flatMap((page) => pageText(page).match(what) ?? []).length;
  assert.equal(count(/^<!-- meterbridge /gm), tables.length);
  assert.equal(count(/^<!-- end -->$/gm), tables.length);
});
