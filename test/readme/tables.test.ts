/**
 * Tables in the documentation are what the command line gives, between two comments that name its arguments:
 *
 *     <!-- meterbridge series runwisp -->
 *     (a fenced block of text; what a command gives as Markdown stands as it is)
 *     <!-- end -->
 *
 * Those of a contract stand between the markers of `meterbridge docs`, which checks them itself.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostNames } from '../../src/tools/cli/hosts.ts';
import { runCommand } from '../tools/cli/run-command.ts';
import { pages, pageText, root } from './pages.ts';

const marked = /^<!-- meterbridge (?!docs )([^\n]+) -->\n([\s\S]*?)^<!-- end -->$/gm;
const tables = pages.flatMap((page) =>
  [...pageText(page).matchAll(marked)].map(([, args = '', text = '']) => ({ page, args, text })),
);

for (const { page, args, text } of tables) {
  test(`${page}: the table of "meterbridge ${args}" is what the command gives`, () => {
    const { stdout, stderr, status } = runCommand(args.split(' '));
    assert.equal(status, 0, stderr);
    const message = `${page} is out of date: replace the block with the output of npm run --silent meterbridge -- ${args}`;
    assert.equal(text.trim(), args.endsWith(' markdown') ? stdout.trim() : `\`\`\`text\n${stdout}\`\`\``, message);
  });
}

for (const host of hostNames) {
  test(`examples/${host}/README.md has the tables of its contract, as they are now`, () => {
    const { stderr, status } = runCommand(['docs', host, '--out', join(root, 'examples', host, 'README.md'), '--check']);
    assert.equal(status, 0, stderr);
  });
}

test('no comment is left without its other half', () => {
  const count = (what: RegExp) => pages.flatMap((page) => pageText(page).match(what) ?? []).length;
  assert.equal(count(/^<!-- meterbridge (?!docs )/gm), tables.length);
  assert.equal(count(/^<!-- end -->$/gm), tables.length);
});
