/** What people read of a usage report, and what the command does with files. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readUsage, reportUsage, usageMarkdown, usageText } from '../../../../src/tools/check/usage/index.ts';
import { useInFiles } from '../../../../src/tools/cli/commands/diff/use-in-files.ts';
import { folderFor } from '../../../folder-for.ts';
import { changedShop } from './changed-shop.ts';

const nothingAllowed = { broken: [], allowed: new Map() };

const rules = `groups:
  - name: shop
    rules:
      - alert: Slow
        expr: shop_took_milliseconds_count > 5 or on () vector(1)
      - record: users
        expr: sum by (country) (shop_users)
      - alert: Many
        expr: users > 5
      - alert: Same
        expr: shop_same_total > 5
`;

test('text: each expression with its place, its problems, and what becomes of it', (t) => {
  const path = folderFor(t)('rules.yaml', rules);
  const text = usageText(reportUsage(readUsage([path]), changedShop).report);
  const lines = text.split('\n').map((line) => line.replace(path, 'rules.yaml'));
  assert.equal(lines[0], 'breaking rules.yaml:5:15 group shop, alert Slow');
  assert.ok(lines.includes('  rewritten: shop_duration_seconds_count > 5 or on () vector(1)'), text);
  assert.ok(lines.includes('  reads users, which breaks'), text);
  assert.ok(lines.includes('  not rewritten: users is not rewritten'), text);
  assert.equal(lines.at(-3), "1 files (0 dashboards, 0 files of other shapes), 4 expressions, 4 with the contract's series:");
  assert.equal(lines.at(-2), '3 break, 0 are risky; 1 can be rewritten, 2 cannot; 0 not read');
});

test('Markdown: a table whose cells hold any expression', (t) => {
  const path = folderFor(t)('rules.yaml', rules.replace('on () vector(1)', 'up{a=~"`x|y`"}'));
  const rows = usageMarkdown(reportUsage(readUsage([path]), changedShop).report).flatMap((part) => part.rows);
  const row = rows.find((line) => line.includes('alert Slow'));
  assert.match(row ?? '', /\| `` shop_took_milliseconds_count > 5 or up\{a=~"`x\\\|y`"\} `` \|/);
});

test('--dry-run shows a diff and writes nothing; --fix writes; --bridge writes rules', (t) => {
  const file = folderFor(t);
  const path = file('rules.yaml', rules);
  const bridge = file('bridge.yaml');
  const shown = useInFiles({ paths: [path], fix: true, dryRun: true, bridge: undefined }, changedShop, nothingAllowed);
  assert.match(shown.diff, /^- {8}expr: shop_took_milliseconds_count > 5 .*\n\+ {8}expr: shop_duration_seconds_count > 5/m);
  assert.equal(readFileSync(path, 'utf8'), rules);
  assert.equal(existsSync(bridge), false);
  const fixed = useInFiles({ paths: [path], fix: true, dryRun: false, bridge }, changedShop, nothingAllowed);
  assert.equal(readFileSync(path, 'utf8'), rules.replace('shop_took_milliseconds_count', 'shop_duration_seconds_count'));
  assert.match(readFileSync(bridge, 'utf8'), /record: shop_orders_total/);
  assert.ok(fixed.broken, 'users is not rewritable');
  assert.equal(
    useInFiles(
      { paths: [path], fix: false, dryRun: false, bridge: undefined },
      { ...changedShop, mappings: new Map() },
      nothingAllowed,
    ).broken,
    false,
  );
});
