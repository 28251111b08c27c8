/**
 * The command `diff --usage --fix` over the hosts' own dashboards and rules: rewritten files find in the new samples what the old
 * ones found in the old.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Contract } from '../../src/index.ts';
import { readUsage, type UsageReport } from '../../src/tools/check/usage/index.ts';
import type { Usage } from '../../src/tools/check/usage/usage.ts';
import { hostNames } from '../../src/tools/cli/hosts.ts';
import { prometheusWith } from './blocks.ts';
import { requirePeer } from './peers.ts';
import { ask, differenceOf } from './rewritten/ask.ts';
import { changedBy, changes } from './rewritten/changed-contract.ts';
import { fix } from './rewritten/diff-command.ts';
import { usedFiles } from './rewritten/host-files.ts';
import { pageOf } from './rewritten/host-samples.ts';

/** As Grafana puts in its variables, with everything chosen. */
const asked = (text: string) =>
  text
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__interval', '1m')
    .replaceAll('$__range', '20m')
    .replaceAll(/\$\{?[a-z_]\w*\}?/g, '.*');

/** In the order of the files. */
function expressionsOf({ files }: Usage) {
  return files.flatMap((file) =>
    file.uses.expressions.map(({ language, place, text }) => ({
      file: file.path,
      place,
      language,
      text: text.text,
      ...file.position(text.at(0)),
    })),
  );
}

type Used = ReturnType<typeof expressionsOf>[number];
const isOf = (finding: UsageReport['findings'][number], used: Used) =>
  finding.file === used.file && finding.line === used.line && finding.column === used.column && finding.place === used.place;

const moduleOf = (host: string) => fileURLToPath(new URL(`../../instrumentation/${host}/index.ts`, import.meta.url));

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
  /** What the old samples say is asked once, not again for each change. */
  const foundBefore = new Map<string, ReturnType<typeof ask>>();
  const askBefore = (text: string) => {
    const found = foundBefore.get(text) ?? ask(before.url, text);
    foundBefore.set(text, found);
    return found;
  };
  let rewritten = 0;
  for (const [name, change] of Object.entries(changes))
    await t.test(name, async (t) => {
      const changed = new Map([...contracts].map(([host, contract]) => [host, changedBy(contract, change)]));
      const became = new Map([...changed.values()].flatMap((one) => [...one.became]));
      const after = await prometheusWith(t, binary, promtool, pageOf(contracts, became));
      const counts = { expressions: 0, unchanged: 0, rewritten: 0, empty: 0, notRewritable: 0 };
      const wrong: string[] = [];
      for (const [host, one] of changed) {
        const folder = copyTo(`${name} ${host}`);
        const old = expressionsOf(readUsage([folder]));
        const told = await fix(t, moduleOf(host), one, folder);
        assert.equal(told.counts.unread, 0);
        assert.deepEqual(
          told.notes.filter((note) => !note.endsWith(': written')),
          [],
        );
        const again = await fix(t, moduleOf(host), one, folder);
        assert.deepEqual(again.notes, [], 'a second run has nothing to rewrite');
        const now = expressionsOf(readUsage([folder]));
        const prefix = (Object.values(contracts.get(host)?.metrics ?? {})[0]?.series ?? '').split('_')[0] ?? '';
        for (const [at, used] of old.entries()) {
          if (used.language !== 'promql' || !used.text.includes(`${prefix}_`)) continue;
          const finding = told.findings.find((each) => isOf(each, used));
          counts.expressions += 1;
          // What only reads a recording rule that is not rewritten is right as it is.
          if (finding !== undefined && finding.problems.length > 0 && finding.reasons.length > 0) {
            counts.notRewritable += 1;
            continue;
          }
          const text = now[at]?.text ?? '';
          assert.equal(text, finding?.rewritten ?? used.text, 'the files have what the report says');
          const found = await askBefore(asked(used.text));
          const difference = differenceOf(found, await ask(after.url, asked(text)));
          if (difference !== undefined) wrong.push(`${used.text}\nbecame\n${text}\nand finds something else: ${difference}`);
          if (found?.size === 0) counts.empty += 1;
          counts[finding?.rewritten === undefined ? 'unchanged' : 'rewritten'] += 1;
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
