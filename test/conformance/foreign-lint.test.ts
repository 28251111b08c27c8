/**
 * Pages of programs that others wrote: what `promtool check metrics` finds, the linter finds, and nothing that it calls an error
 * is none.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { lint } from '../../src/tools/check/lint/lint.ts';
import { lookAt } from '../../src/tools/check/page/look.ts';
import { bodyOf, startChild } from './child.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';
import { checkMetrics } from './promtool.ts';

const text = { headers: { accept: 'text/plain;version=0.0.4' } };

/** Holds the page to both linters. */
async function compare(t: TestContext, promtool: string, page: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-foreign-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'page.prom');
  writeFileSync(file, page);
  const { pages } = await lookAt(file, { input: process.stdin });
  const [read] = pages ?? [];
  assert.ok(read);
  const findings = [...read.findings, ...lint(read.observed)];
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  const families = new Set(findings.map(({ family }) => family));
  const theirs = checkMetrics(promtool, page).map((line) => line.split(' ')[0]);
  assert.deepEqual(
    theirs.filter((family) => !families.has(family)),
    [],
  );
}

test("the node exporter's page", async (t) => {
  const [program, promtool] = [requirePeer(t, 'nodeExporter'), requirePeer(t, 'promtool')];
  if (program === undefined || promtool === undefined) return;
  const address = `127.0.0.1:${await freePort()}`;
  const child = startChild(t, program, [`--web.listen-address=${address}`]);
  let page: string | undefined;
  await child.until('its page', async () => {
    page = await bodyOf(`http://${address}/metrics`, text);
    return page !== undefined;
  });
  assert.match(page ?? '', /^node_/m);
  await compare(t, promtool, page ?? '');
});

test("Prometheus' own page", async (t) => {
  const [program, promtool] = [requirePeer(t, 'prometheus3'), requirePeer(t, 'promtool')];
  if (program === undefined || promtool === undefined) return;
  const prometheus = await runPrometheus(t, program, { scrape_configs: [] });
  const page = await bodyOf(`${prometheus.url}/metrics`, text);
  assert.match(page ?? '', /^prometheus_/m);
  await compare(t, promtool, page ?? '');
});

test("the page of Go's SDK", async (t) => {
  const [program, promtool] = [requirePeer(t, 'goSdk'), requirePeer(t, 'promtool')];
  if (program === undefined || promtool === undefined) return;
  const address = `127.0.0.1:${await freePort()}`;
  const child = startChild(t, program, [], { PAGE: address });
  let page: string | undefined;
  await child.until('its page', async () => {
    page = await bodyOf(`http://${address}/metrics`, text);
    return page !== undefined;
  });
  assert.match(page ?? '', /^shop_orders_total\{/m);
  await compare(t, promtool, page ?? '');
});
