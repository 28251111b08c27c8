/** What pages of others have that no contract has: names in UTF-8 where they are asked for, and labels with nothing in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, oneOf } from '../../../../src/core/contract/index.ts';
import { diffContracts } from '../../../../src/tools/check/diff/diff-contracts.ts';
import { observedContract } from '../../../../src/tools/check/diff/observed-contract.ts';
import { compareFormats, holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { infer } from '../../../../src/tools/check/infer/infer.ts';
import { readPage } from '../../../../src/tools/check/page/read-page.ts';

async function observed(page: string, format: 'text' | 'openmetrics' = 'text') {
  async function* bytes() {
    yield Buffer.from(page);
  }
  const read = await readPage(bytes(), { source: 'page', format, maxBytes: 1e6 });
  assert.deepEqual(read.findings, []);
  return read.observed;
}

const ids = (findings: readonly { readonly id: string }[]) => findings.map(({ id }) => id);

test('a name in UTF-8 is the one with underscores for a contract, and for the other formats', async () => {
  const utf8 = await observed(
    '# HELP "shop.open" Open.\n# TYPE "shop.open" gauge\n{"shop.open","at.door"="a"} 1\n# EOF\n',
    'openmetrics',
  );
  const plain = await observed('# HELP shop_open Open.\n# TYPE shop_open gauge\nshop_open{at_door="a"} 1\n');
  assert.deepEqual(compareFormats([utf8, plain]), []);
  const shop = contract('shop', { open: gauge({ help: 'Open.', labels: { at_door: oneOf('a') } }) });
  assert.deepEqual(holdToContract(utf8, shop), []);
  const other = contract('shop', { open: gauge({ help: 'Open.', labels: { at_door: oneOf('b') }, zeroFilled: false }) });
  assert.deepEqual(ids(holdToContract(utf8, other)), ['contract-value']);
});

test('a label of a verbatim metric is found under its own name, and under the one with underscores', async () => {
  const declared = (value: string) =>
    contract('shop', {
      open: gauge({ series: 'shop_open', verbatim: true, help: 'Open.', labels: { 'at.door': oneOf(value) }, zeroFilled: false }),
    });
  const utf8 = await observed(
    '# HELP shop_open Open.\n# TYPE shop_open gauge\nshop_open{"at.door"="a"} 1\n# EOF\n',
    'openmetrics',
  );
  const plain = await observed('# HELP shop_open Open.\n# TYPE shop_open gauge\nshop_open{at_door="a"} 1\n');
  for (const page of [utf8, plain]) {
    assert.deepEqual(holdToContract(page, declared('a')), []);
    assert.deepEqual(ids(holdToContract(page, declared('b'))), ['contract-value']);
    assert.deepEqual(diffContracts(declared('a'), observedContract(page, declared('a')).contract).changes, []);
  }
});

test('an empty label is none, and one with a value is one', async () => {
  const shop = contract('shop', { runs: counter({ help: 'Runs.' }) });
  const page = (value: string) =>
    `# HELP shop_runs_total Runs.\n# TYPE shop_runs_total counter\nshop_runs_total{model="${value}"} 1\n`;
  assert.deepEqual(holdToContract(await observed(page('')), shop), []);
  assert.deepEqual(ids(holdToContract(await observed(page('x')), shop)), ['contract-label-unknown']);
});

test('two families whose names differ in unit or _total alone are both drafted', async () => {
  const families = ['shop_mem', 'shop_mem_bytes', 'shop_jitter_seconds'].map(
    (name) => `# HELP ${name} H.\n# TYPE ${name} gauge\n${name} 1\n`,
  );
  const page = `${families.join('')}# HELP shop_jitter_total H.\n# TYPE shop_jitter_total counter\nshop_jitter_total 1\n`;
  const seen = await observed(page);
  for (const language of ['ts', 'json'] as const) {
    const { contract: drafted, left } = infer(seen, { language });
    assert.deepEqual([...left], []);
    assert.deepEqual(
      Object.values(drafted.metrics).map(({ series }) => series),
      ['shop_mem', 'shop_mem_bytes', 'shop_jitter_seconds', 'shop_jitter_total'],
    );
    assert.deepEqual(holdToContract(seen, drafted), []);
  }
});
