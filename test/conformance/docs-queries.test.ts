/** The example queries of the hosts' pages are PromQL, as promtool reads it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Contract } from '../../src/core/contract/index.ts';
import { hostNames } from '../../src/tools/cli/hosts.ts';
import { exampleOf } from '../../src/tools/generate/docs/example.ts';
import { requirePeer } from './peers.ts';
import { promtoolSays } from './promtool.ts';

for (const host of hostNames)
  test(`promtool reads the example queries of ${host}`, async (t) => {
    const promtool = requirePeer(t, 'promtool');
    if (promtool === undefined) return;
    const folder = mkdtempSync(join(tmpdir(), 'meterbridge-docs-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const { default: contract } = (await import(`../../instrumentation/${host}/index.ts`)) as { default: Contract };
    const rules = Object.values(contract.metrics).map((metric, at) => ({ record: `example:${at}`, expr: exampleOf(metric) }));
    const file = join(folder, 'rules.yml');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ groups: [{ name: host, rules }] }));
    assert.match(promtoolSays(promtool, 'check', 'rules', file), new RegExp(`SUCCESS: ${rules.length} rules found`));
  });
