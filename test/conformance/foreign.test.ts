/**
 * Programs that others wrote: their drafted contract is kept by them, and with one thing wrong in it the check fails and says
 * what.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { acceptOf } from '../../src/tools/check/page/protocol.ts';
import { run } from '../../src/tools/cli/run.ts';
import { importDraft } from '../tools/check/infer/import-draft.ts';
import { until } from '../until.ts';
import { type Breaks, breakOne } from './broken-contract.ts';
import { bodyOf, startChild } from './child.ts';
import { startCollector } from './collector.ts';
import { foreignPrograms, push } from './foreign-programs.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';

const onPages: readonly Breaks[] = ['label', 'type', 'value', 'name'];
const all: readonly Breaks[] = [...onPages, 'bounds', 'unit'];

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-foreign-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** `meterbridge ARGS`, in this process. */
async function meterbridge(args: readonly string[], onError: (text: string) => void = () => {}) {
  let [stdout, stderr] = ['', ''];
  const into = (take: (text: string) => void) =>
    new Writable({
      write(chunk, _, done) {
        take(String(chunk));
        done();
      },
    });
  const streams = {
    stdout: into((text) => {
      stdout += text;
    }),
    stderr: into((text) => {
      stderr += text;
      onError(text);
    }),
  };
  const code = await run(args, streams);
  return { code, stdout, stderr };
}

async function drafted(source: string, contract: string): Promise<string> {
  const { code, stdout, stderr } = await meterbridge(['infer', source, '--format', 'json']);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /left out: .*instrument/);
  writeFileSync(contract, stdout);
  return stdout;
}

/** What stays as it is between two reads. */
async function holds(t: TestContext, source: string, breaks: readonly Breaks[]): Promise<void> {
  const contract = join(newFolder(t), 'contract.json');
  const json = await drafted(source, contract);
  const kept = await meterbridge(['check', source, '--contract', contract]);
  assert.equal(kept.code, 0, kept.stdout + kept.stderr);
  await typeScriptHolds(t, source);
  for (const what of breaks) await failsFor(source, contract, json, what);
}

async function typeScriptHolds(t: TestContext, source: string): Promise<void> {
  const { code, stdout, stderr } = await meterbridge(['infer', source]);
  assert.equal(code, 0, stderr);
  const { folder } = await importDraft(t, stdout);
  const kept = await meterbridge(['check', source, '--contract', join(folder, 'runnable.mts')]);
  assert.equal(kept.code, 0, kept.stdout + kept.stderr);
}

async function failsFor(source: string, contract: string, json: string, what: Breaks): Promise<void> {
  const broken = breakOne(json, what);
  writeFileSync(contract, broken.contract);
  const { code, stdout, stderr } = await meterbridge(['check', source, '--contract', contract]);
  assert.equal(code, 1, `${what}: ${stdout}${stderr}`);
  saysWhat(stdout, broken.names);
}

function saysWhat(report: string, [id, family, place]: readonly [string, string, string]): void {
  const blocks = report.split(/\n(?=\S)/).filter((block) => block.includes(`error: ${id} ${family}`));
  assert.ok(
    blocks.some((block) => new RegExp(`^ +contract +${place.replaceAll('.', '\\.')}$`, 'm').test(block)),
    `${id} of ${family} at ${place} in ${report}`,
  );
}

/** First from a file, which stays as it is, then live. */
async function holdsPage(t: TestContext, url: string, family: string, breaks: readonly Breaks[]): Promise<void> {
  // Protobuf has what text has not: units, and histograms with exponential buckets alone.
  const response = await fetch(url, { headers: { accept: acceptOf.PrometheusProto } });
  const page = Buffer.from(await response.arrayBuffer());
  assert.ok(page.includes(family), page.toString());
  const file = join(newFolder(t), 'page.pb');
  writeFileSync(file, page);
  await holds(t, file, breaks);
  // Programs count requests, so the first ones bring series that were not there.
  await meterbridge(['check', url]);
  const contract = join(newFolder(t), 'live.json');
  let json = '';
  await until('a page of the same families twice', async () => {
    json = await drafted(url, contract);
    const { code, stdout } = await meterbridge(['check', url, '--contract', contract]);
    if (code !== 0) t.diagnostic(stdout.slice(0, 2_000));
    return code === 0;
  });
  for (const what of breaks) await failsFor(url, contract, json, what);
}

test("the node exporter's page", async (t) => {
  const program = requirePeer(t, 'nodeExporter');
  if (program === undefined) return;
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}/metrics`;
  const child = startChild(t, program, [`--web.listen-address=${address}`]);
  await child.until('its page', async () => (await bodyOf(url)) !== undefined);
  await holdsPage(t, url, 'node_cpu_seconds_total', onPages);
});

test("Prometheus' own page", async (t) => {
  const program = requirePeer(t, 'prometheus3');
  if (program === undefined) return;
  const { url } = await runPrometheus(t, program, { scrape_configs: [] });
  await bodyOf(`${url}/metrics`);
  await holdsPage(t, `${url}/metrics`, 'prometheus_build_info', all);
});

test("the Collector's own page, and the lines that its file exporter writes of SDKs", async (t) => {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return;
  const [port, folder] = [await freePort(), newFolder(t)];
  const files = Object.keys(foreignPrograms).map((language) => [language, join(folder, `${language}.jsonl`)] as const);
  const exporter = `{prometheus: {host: 127.0.0.1, port: ${port}}}`;
  const over = [
    'yaml:service::telemetry::metrics::level: detailed',
    `yaml:service::telemetry::metrics::readers: [{pull: {exporter: ${exporter}}}]`,
    `yaml:exporters::file::path: ${join(folder, 'lines.jsonl')}`,
    'yaml:exporters::file::flush_interval: 100ms',
    'yaml:service::pipelines::metrics::exporters: [debug, file]',
  ];
  const collector = await startCollector(t, binary, { over });
  let before = 0;
  for (const [language, file] of files) {
    await t.test(language, async (t) => {
      const program = foreignPrograms[language];
      const path = program === undefined ? undefined : requirePeer(t, program.peer);
      if (program === undefined || path === undefined) return;
      await push(program, path, collector.endpoint);
      const lines = () => readFileSync(join(folder, 'lines.jsonl'), 'utf8').slice(before);
      await until('lines of the file exporter', () => lines().endsWith('\n'));
      writeFileSync(file, lines());
      before += lines().length;
      await holds(t, file, all);
    });
  }
  await t.test('the page', (t) =>
    holdsPage(t, `http://127.0.0.1:${port}/metrics`, 'otelcol_process_uptime', ['label', 'value', 'name']),
  );
});

/** What a command that listens says when `program` pushes to it, in time or with more of it. */
async function listening(args: readonly string[], program: (endpoint: string) => Promise<void>) {
  for (let seconds = 5; ; seconds *= 3) {
    let pushed: Promise<unknown> | undefined;
    let done = false;
    const result = await meterbridge(
      [...args, '--for', `${seconds}`, '--otlp-http', '127.0.0.1:0', '--otlp-grpc', '127.0.0.1:0'],
      (text) => {
        const [, endpoint] = /(http:\/\/127\.0\.0\.1:\d+)\/v1\/metrics/.exec(text) ?? [];
        if (endpoint === undefined || pushed !== undefined) return;
        pushed = program(endpoint).then(
          () => {
            done = true;
          },
          // The listener has gone.
          () => undefined,
        );
      },
    );
    const isInTime = done;
    await pushed;
    if (isInTime || seconds > 45) return result;
  }
}

for (const [language, program] of Object.entries(foreignPrograms)) {
  test(`the SDK for ${language}, received`, async (t) => {
    const path = requirePeer(t, program.peer);
    if (path === undefined) return;
    const folder = newFolder(t);
    const pushTo = (endpoint: string) => push(program, path, endpoint);
    const { code, stdout: json, stderr } = await listening(['infer', '--format', 'json'], pushTo);
    assert.equal(code, 0, stderr);
    const broken = breakOne(json, 'unit');
    const [right, wrong] = [join(folder, 'right.json'), join(folder, 'wrong.json')];
    writeFileSync(right, json);
    writeFileSync(wrong, broken.contract);
    const [kept, fails] = await Promise.all([
      listening(['check', '--contract', right], pushTo),
      listening(['check', '--contract', wrong], pushTo),
    ]);
    assert.equal(kept.code, 0, kept.stdout + kept.stderr);
    assert.equal(fails.code, 1, fails.stdout + fails.stderr);
    saysWhat(fails.stdout, broken.names);
  });
}
