/**
 * `meterbridge check --both`, `--contract` and `--for`: what a program exposes, beside what it pushes and what its contract says.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { contract, counter, oneOf, toJson } from '../../../../src/core/contract/index.ts';
import { meterbridge } from '../../../../src/index.ts';
import { folderFor } from '../../../folder-for.ts';
import { counter as counterOf, gauge, line, point } from '../../check/lines/lines.ts';
import { command } from '../run-command.ts';
import { check, url } from './process.ts';

const plain = { 'content-type': 'text/plain; version=0.0.4' };
const open = { 'content-type': 'application/openmetrics-text; version=1.0.0' };

const headOf = (name: string, type: string): string => `# HELP ${name} Described.\n# TYPE ${name} ${type}\n`;
const samples = 'shop_orders_total{status="paid"} 3\nshop_orders_total{status="failed"} 1\n';
const queue = `${headOf('shop_queue', 'gauge')}shop_queue 7\n`;
const page = headOf('shop_orders_total', 'counter') + samples + queue;
const pageInOpenMetrics = `${headOf('shop_orders', 'counter')}${samples}${queue}# EOF\n`;

/** As a Collector's `file` exporter writes: a line a request, the later one with the newer values. */
function lines(paid: number): string {
  const orders = (value: number, at: number) =>
    counterOf('shop.orders', [point(value, at, { status: 'paid' }), point(1, at, { status: 'failed' })]);
  return `${line([orders(1, 10)])}\n${line([orders(paid, 20), gauge('shop.queue', [point(7, 20)])])}\n`;
}

async function endpoint(t: TestContext): Promise<string> {
  return await url(t, ({ headers }, response) => {
    const isOpen = headers.accept?.startsWith('application/openmetrics-text') === true;
    response.writeHead(200, isOpen ? open : plain).end(isOpen ? pageInOpenMetrics : page);
  });
}

interface Finding {
  readonly id: string;
  readonly family: string;
  readonly got: string;
  readonly contract?: string;
}

function findingsOf(json: string): readonly Finding[] {
  return (JSON.parse(json) as { readonly findings: readonly Finding[] }).findings;
}

test('both: what is pulled was pushed', async (t) => {
  const { code, stdout } = await check('--both', await endpoint(t), folderFor(t)('pushed.jsonl', lines(3)));
  assert.equal(code, 0, stdout);
  assert.match(stdout, /\(openmetrics\).*\(text\).*\(otlp\)/);
});

test('both: one value is another, and is named once', async (t) => {
  const { code, stdout } = await check('--both', await endpoint(t), folderFor(t)('pushed.jsonl', lines(4)), '--format', 'json');
  assert.equal(code, 1);
  assert.deepEqual(
    findingsOf(stdout).map(({ id, family, got }) => [id, family, got]),
    [['both-value', 'shop_orders_total', '1 of 2 differ, such as shop_orders_total{status="paid"}: pulled 3, pushed 4']],
  );
});

test('both: files of a page and of lines, the flag last', async (t) => {
  const folder = folderFor(t);
  assert.equal((await check(folder('page.prom', page), folder('pushed.jsonl', lines(3)), '--both')).code, 0);
});

test('both: exit code 2 for files that are not there, or hold something else', async (t) => {
  const folder = folderFor(t);
  const [there, pushed] = [folder('page.prom', page), folder('pushed.jsonl', lines(3))];
  for (const [args, message] of [
    [['--both', there, folder('nothing.jsonl')], /nothing\.jsonl.*ENOENT/],
    [['--both', folder('nothing.prom'), pushed], /nothing\.prom.*ENOENT/],
    [['--both', there, there], /page\.prom.*no OTLP\/JSON/],
    [['--both', pushed, pushed], /pushed\.jsonl.*OTLP\/JSON lines/],
    [['--both', there], /--both/],
    [['--both', there, pushed, there], /--both/],
    [['--both', there, pushed, '--for', '1'], /--both/],
    [['--both', 'http://127.0.0.1:1/', pushed, '--twice', '1'], /--twice/],
    [[there, pushed], /one endpoint or file/],
  ] as const) {
    const { code, stderr, stdout } = await check(...args);
    assert.equal(code, 2, args.join(' ') + stdout);
    assert.match(stderr, message);
  }
});

const shop = contract('shop', {
  orders: counter({ help: 'Described.', labels: { status: oneOf('paid', 'failed') } }),
});

test('contract: kept, and broken with the place that is', async (t) => {
  const folder = folderFor(t);
  const file = folder('shop.json', JSON.stringify(toJson(shop)));
  const orders = headOf('shop_orders_total', 'counter') + samples;
  const kept = await check(folder('kept.prom', orders), '--contract', file);
  assert.equal(kept.code, 0, kept.stdout);
  const broken = await check(folder('broken.prom', orders.replace('failed', 'lost')), '--contract', file, '--format', 'json');
  assert.equal(broken.code, 1);
  const found = findingsOf(broken.stdout).find(({ id }) => id === 'contract-value');
  assert.equal(found?.contract, 'shop.metrics.orders.labels.status');
  assert.match(found?.got ?? '', /lost/);
});

test('contract: with --only, a family of another name is unknown', async (t) => {
  const folder = folderFor(t);
  const args = [
    folder('page.prom', page.replaceAll('shop_queue', 'other_queue')),
    '--contract',
    folder('shop.json', JSON.stringify(toJson(shop))),
  ];
  assert.equal((await check(...args)).code, 0);
  const { code, stdout } = await check(...args, '--only');
  assert.equal(code, 1);
  assert.match(stdout, /error: contract-family-unknown other_queue/);
});

/** Listens until what is pushed has come, which SIGTERM then ends: no test waits for a time. */
async function pushedTo(t: TestContext, args: readonly string[], push: (endpoint: string) => Promise<void>) {
  const given = [
    'check',
    '--for',
    '600',
    '--otlp-http',
    '127.0.0.1:0',
    '--otlp-grpc',
    '127.0.0.1:0',
    '--format',
    'json',
    ...args,
  ];
  const child = spawn(process.execPath, [...command, ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const ended = Promise.all([text(child.stdout), once(child, 'close')]);
  let said = '';
  const at = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      said += part;
      const found = /Listening: (http:\S+)\/v1\/metrics\n[\s\S]*Listening: /.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error(said)));
  });
  await push(at);
  child.kill('SIGTERM');
  const [stdout, [code]] = await ended;
  return { code: code as number, findings: findingsOf(stdout) };
}

test('for: what is pushed while it listens is held to the contract', async (t) => {
  const file = folderFor(t)('shop.json', JSON.stringify(toJson(shop)));
  async function push(endpoint: string): Promise<void> {
    const bridge = meterbridge(shop, { isolated: true, push: { endpoint, intervalMs: 86_400_000 }, log() {} });
    bridge.metrics.orders.add(2, { status: 'paid' });
    await bridge.close();
  }
  const kept = await pushedTo(t, ['--contract', file], push);
  assert.deepEqual(
    kept.findings.filter(({ id }) => id.startsWith('contract-')),
    [],
  );
  assert.equal(kept.code, 0, JSON.stringify(kept.findings));
  const other = toJson(contract('shop', { orders: counter({ help: 'Described.', labels: { status: oneOf('failed') } }) }));
  const broken = await pushedTo(t, ['--contract', folderFor(t)('other.json', JSON.stringify(other))], push);
  assert.equal(broken.code, 1);
  assert.ok(
    broken.findings.some(({ id, contract: place }) => id === 'contract-value' && place === 'shop.metrics.orders.labels.status'),
  );
});
