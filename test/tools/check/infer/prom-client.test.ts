/** A draft brings out the series that it was made from, as prom-client shows them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Contract } from '../../../../src/core/contract/index.ts';
import { lint } from '../../../../src/core/contract/index.ts';
import { type ParsedFamily, parseExposition } from '../../../../src/formats/exposition/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { infer } from '../../../../src/tools/check/infer/infer.ts';
import { writeTypeScript } from '../../../../src/tools/check/infer/write-typescript.ts';
import { readPage } from '../../../../src/tools/check/page/read-page.ts';
import { promClientApp, withDefaults } from '../../../library/prom-client/app.ts';
import { pageOf } from '../../../library/prom-client/exposition.ts';
import { scrape } from '../../../library/prom-client/scrape.ts';
import { importDraft, root } from './import-draft.ts';

async function drafted(page: string, name?: string, source = 'the test'): Promise<string> {
  const format = page.endsWith('# EOF\n') ? 'openmetrics' : 'text';
  async function* bytes() {
    yield Buffer.from(page);
  }
  const { observed, findings } = await readPage(bytes(), { source, format, maxBytes: 1e6 });
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  return writeTypeScript(infer(observed, { name, language: 'ts' }), { source, promClient: true });
}

function compiles(folder: string): void {
  const extend = join(root, 'tsconfig.json');
  const paths = {
    meterbridge: [join(root, 'src/index.ts')],
    '@opentelemetry/api': [join(root, 'node_modules/@opentelemetry/api')],
  };
  const compilerOptions = { noEmit: true, rootDir: '/', paths, typeRoots: [join(root, 'node_modules/@types')] };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: extend, compilerOptions, include: ['draft.ts'], exclude: [] }),
  );
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
}

function familiesOf(page: string): readonly ParsedFamily[] {
  const parsed = parseExposition(page, 'text');
  assert.ok(parsed.ok);
  return parsed.families;
}

/** Records what the samples say, as far as a recorder can: the sum of a histogram is another one. */
function replay(contract: Contract, families: readonly ParsedFamily[], metrics: Readonly<Record<string, unknown>>): void {
  for (const [key, { series, labels, constantLabels }] of Object.entries(contract.metrics)) {
    const recorder = metrics[key] as Record<string, (value: unknown, labels: object) => void>;
    const family = families.find(({ name }) => name === series);
    let before = 0;
    for (const sample of family?.samples ?? []) {
      const all = Object.fromEntries(sample.labels.filter(([name]) => !Object.hasOwn(constantLabels, name)));
      const own = Object.fromEntries(Object.keys(labels).map((name) => [name, all[name]]));
      if (family?.kind === 'counter') recorder.add?.(sample.value, own);
      else if (family?.kind === 'gauge') recorder.set?.(sample.value, own);
      else if (sample.name.endsWith('_count') && family?.kind === 'summary')
        for (let times = 0; times < sample.value; times++) recorder.record?.(3, own);
      else if (sample.name.endsWith('_bucket')) {
        if (before > sample.value) before = 0;
        const bound = all.le === '+Inf' ? 1e9 : Number(all.le);
        for (; before < sample.value; before++) recorder.record?.(bound, own);
        if (all.le === '+Inf') before = 0;
      }
    }
  }
}

/** Without sums, which a replay has to guess. */
const withoutSums = (page: ReturnType<typeof pageOf>) =>
  Object.fromEntries(Object.entries(page).map(([name, lines]) => [name, lines.filter((line) => !/^\w+_sum\{/.test(line))]));

test('of 20 metrics and the default ones: it compiles, has no findings, and brings out the same', async (t) => {
  const register = promClientApp();
  const page = await register.metrics();
  const text = await drafted(await withDefaults(register).metrics());
  const { contract, folder } = await importDraft(t, text);
  compiles(folder);
  assert.deepEqual(lint(contract), []);
  const { bridge, metrics, log } = testBridge(contract);
  replay(contract, familiesOf(page), metrics);
  const theirs = withoutSums(pageOf(page));
  const left = ['never_seen_total', 'unobserved_bytes', 'latency_ms'];
  for (const name of left) {
    assert.match(text, new RegExp(`^// ${name}: \\S`, 'm'));
    delete theirs[name];
  }
  assert.deepEqual(withoutSums(pageOf(await scrape(bridge))), theirs);
  assert.deepEqual(log, []);
});

test('default labels become constant ones, and many values a limit', async (t) => {
  const register = new Registry();
  const registers = [register];
  register.setDefaultLabels({ app: "the 'shop'", hostname: 'web-1' });
  const requests = new Counter({ name: 'shop_requests_total', help: 'Requests.', labelNames: ['method', 'tenant'], registers });
  for (let tenant = 0; tenant < 60; tenant++) requests.inc({ method: 'GET', tenant: `t${tenant}` });
  const hosts = new Gauge({ name: 'shop_hosts', help: 'Hosts.', labelNames: ['host'], registers });
  for (const host of ['a', 'b']) hosts.set({ host }, 1);
  const wait = new Histogram({
    name: 'shop_wait_seconds',
    help: 'Waits.',
    labelNames: ['ok', 'code'],
    buckets: [0.1, 1],
    registers,
  });
  wait.observe({ ok: 'true', code: 200 }, 0.5);
  new Gauge({ name: 'shop_build_info', help: 'Build.', labelNames: ['version'], registers }).set({ version: '1.2' }, 1);
  const page = await register.metrics();
  const text = await drafted(page);
  assert.match(text, /contract\('shop', \{/);
  assert.match(
    text,
    /\n {2}requests: counter\(\{\n {4}\/\/ Seen of method: 'GET'\.\n {4}help: 'Requests\.',\n {4}labels: \{ method: capped\(\{ limit: 100 \}\), tenant: capped\(\{ limit: 1000 \}\) \},/,
  );
  assert.match(text, /\n {2}hosts: gauge\(\{\n {4}help: 'Hosts\.',\n {4}labels: \{ host: identity\(\{ limit: 100 \}\) \},/);
  assert.match(
    text,
    /\n {2}wait: histogram\(\{\n {4}\/\/ Seen of code: 200\.\n {4}unit: 's',\n.*\n {4}bounds: \[0\.1, 1\],\n {4}labels: \{ ok: oneOf\(true, false\), code: capped\(\{ limit: 100 \}\) \},/,
  );
  assert.match(text, /\n {2}buildInfo: info\(/);
  assert.match(text, /constantLabels: \{\n {4}'app': 'the \\'shop\\'',\n {4}'hostname': parameter\('web-1'\),\n/);
  assert.match(text, /^import \{ .*oneOf, parameter \} from 'meterbridge';/m);
  const { contract } = await importDraft(t, text);
  const { bridge, metrics } = testBridge(contract);
  replay(contract, familiesOf(page), metrics);
  (metrics.buildInfo as unknown as { set(labels: object): void }).set({ version: '1.2' });
  const names = (from: string) =>
    [...from.matchAll(/^(?!.*_sum)\w.*(?= )/gm)].map(([sample]) => pageOf(`# HELP x x\n${sample} 0\n`).x?.at(-1)).sort();
  assert.deepEqual(names(await scrape(bridge)), names(page));
});

test('OpenMetrics is read too', async () => {
  const register = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  new Counter({ name: 'shop_orders_total', help: 'Orders.', registers: [register] }).inc();
  new Counter({ name: 'shop_hits', help: 'Hits.', registers: [register] }).inc();
  const text = await drafted(await register.metrics(), 'mine');
  assert.match(text, /contract\('mine', \{/);
  for (const series of ['shop_orders_total', 'shop_hits_total']) assert.match(text, new RegExp(`series: '${series}'`));
});

test('a label that only some series have is optional', async (t) => {
  const register = new Registry();
  const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind', 'step'], registers: [register] });
  jobs.inc({ kind: 'a' });
  jobs.inc({ kind: 'b', step: '2' });
  const page = await register.metrics();
  const { contract } = await importDraft(t, await drafted(page));
  const { bridge, metrics } = testBridge(contract);
  const record = metrics as unknown as { jobs: { inc(labels: object): void } };
  record.jobs.inc({ kind: 'a', step: '' });
  record.jobs.inc({ kind: 'b', step: '2' });
  assert.deepEqual(pageOf(await scrape(bridge)), pageOf(page));
});

for (const [what, page, expected] of [
  ['no TYPE', 'x 1\n', /^\/\/ x: its type is unknown/m],
  [
    'names of each other',
    '# TYPE x summary\nx_sum 1\nx_count 1\n# TYPE x_created gauge\nx_created 1\n',
    /^\/\/ x_created: .*a sample name belongs to one family/m,
  ],
] as const) {
  test(`a comment with the reason: ${what}`, async () => assert.match(await drafted(page), expected));
}

test('what an exposition says stays a string or a comment of one line', async (t) => {
  const hostile = "'); process.exit(1); ('\\\\' \\\\u2028 */ //";
  const page = `# HELP x ${hostile}\u2028process.exit(1)\n# TYPE x gauge\nx{a="${hostile}\u2028\\n"} 1\n`;
  const written = await drafted(page, undefined, 'x\u2028process.exit(1)\nprocess.exit(1)');
  const { contract } = await importDraft(t, written);
  const text = `${hostile.replaceAll('\\\\', '\\')}\u2028`;
  assert.equal(contract.metrics.x?.help, `${text}process.exit(1)`);
  assert.equal(contract.metrics.x?.labels.a?.kind, 'capped');
  assert.match(written, /^ {4}\/\/ Seen of a: .*process\.exit\(1\).*\.$/m);
});

test('a draft of a healthy hour takes the first status 500', async (t) => {
  const page =
    '# HELP http_requests_total R.\n# TYPE http_requests_total counter\nhttp_requests_total{method="GET",status="200"} 5\n';
  const { contract } = await importDraft(t, await drafted(page));
  const { bridge, metrics } = testBridge(contract);
  const [requests] = Object.values(metrics) as unknown as { inc(labels: object): void }[];
  requests?.inc({ method: 'GET', status: 500 });
  assert.match(await scrape(bridge), /^http_requests_total\{method="GET",status="500"\} 1$/m);
});
