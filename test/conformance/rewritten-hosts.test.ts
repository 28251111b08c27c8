/** `diff --usage --fix` over the hosts' own dashboards and rules: rewritten files find in the new samples what the old ones found in the old. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffContracts } from '../../src/check/diff/diff-contracts.ts';
import { planFix, readUsage, reportUsage, writeFix } from '../../src/check/usage/index.ts';
import { judge } from '../../src/check/usage/judge/judge.ts';
import { hostNames } from '../../src/cli/hosts.ts';
import type { Contract } from '../../src/index.ts';
import { prometheusWith } from './blocks.ts';
import { requirePeer } from './peers.ts';
import { ask, differenceOf } from './rewritten/ask.ts';
import { changedBy, changes } from './rewritten/changed-contract.ts';
import { usedFiles } from './rewritten/host-files.ts';
import { pageOf } from './rewritten/host-samples.ts';

/** As Grafana puts in its variables, with everything chosen. */
const asked = (text: string) =>
  text
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__interval', '1m')
    .replaceAll('$__range', '20m')
    .replaceAll(/\$\{?[a-z_]\w*\}?/g, '.*');

test('the files of hosts, after each kind of change of their contracts', async (t) => {
  const binary = requirePeer(t, 'prometheus3');
  const promtool = binary === undefined ? undefined : requirePeer(t, 'promtool');
  if (binary === undefined || promtool === undefined) return;
  const named = hostNames.map(
    async (name) => [name, (await import(`../../instrumentation/${name}/index.ts`)).default as Contract] as const,
  );
  const contracts = new Map(await Promise.all(named));
  const copyTo = usedFiles(t);
  const before = await prometheusWith(t, binary, promtool, pageOf(contracts));
  let rewritten = 0;
  for (const [name, change] of Object.entries(changes))
    await t.test(name, async (t) => {
      const changed = new Map([...contracts].map(([host, contract]) => [host, changedBy(contract, change)]));
      const became = new Map([...changed.values()].flatMap((one) => [...one.became]));
      const after = await prometheusWith(t, binary, promtool, pageOf(contracts, became));
      const counts = { expressions: 0, unchanged: 0, rewritten: 0, empty: 0, notRewritable: 0 };
      const wrong: string[] = [];
      for (const [host, { contract, hints }] of changed) {
        const diff = diffContracts(contracts.get(host) as Contract, contract, hints);
        const folder = copyTo(`${name} ${host}`);
        const old = readUsage([folder]);
        const { report, rewrites } = reportUsage(old, diff);
        assert.deepEqual(report.unread, []);
        const plan = planFix(rewrites);
        assert.deepEqual(plan.notWritten, []);
        assert.deepEqual(writeFix(plan.files).refused, []);
        const again = readUsage([folder]);
        assert.deepEqual(reportUsage(again, diff).rewrites, [], 'a second run has nothing to rewrite');
        const now = again.files.flatMap(({ uses }) => uses.expressions);
        for (const [at, used] of old.files.flatMap(({ uses }) => uses.expressions).entries()) {
          const { breakages, reasons, names } = judge(used, diff);
          const prefix = (Object.values(contracts.get(host)?.metrics ?? {})[0]?.series ?? '').split('_')[0] ?? '';
          if (used.language !== 'promql' || !names.some((one) => one.startsWith(`${prefix}_`))) continue;
          counts.expressions += 1;
          if (reasons.length > 0) {
            counts.notRewritable += 1;
            continue;
          }
          const text = now[at]?.text.text ?? '';
          const found = await ask(before.url, asked(used.text.text));
          const difference = differenceOf(found, await ask(after.url, asked(text)));
          if (difference !== undefined) wrong.push(`${used.text.text}\nbecame\n${text}\nand finds something else: ${difference}`);
          if (found?.size === 0) counts.empty += 1;
          counts[breakages.length > 0 ? 'rewritten' : 'unchanged'] += 1;
        }
      }
      t.diagnostic(JSON.stringify(counts));
      rewritten += counts.rewritten;
      assert.deepEqual(wrong, []);
      assert.ok(counts.expressions > 50);
    });
  // To refuse each expression is no rewriting.
  assert.ok(rewritten >= 250, `${rewritten} rewritten`);
});
