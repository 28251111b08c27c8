/** `meterbridge infer` and its older name, against files and servers. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fromJson, toJson } from '../../../src/core/contract/index.ts';
import { run } from '../../../src/tools/cli/run.ts';
import { folderFor } from '../../folder-for.ts';
import { certificate } from '../../net/web-config/good-cases.ts';
import { importDraft } from '../check/infer/import-draft.ts';
import { counter, gauge, line, point } from '../check/lines/lines.ts';
import { command } from './run-command.ts';

const page = `# HELP shop_orders_total Orders.
# TYPE shop_orders_total counter
shop_orders_total{status="paid"} 3
shop_orders_total{status="open"} 1
# HELP shop_wait_seconds Waits.
# TYPE shop_wait_seconds histogram
shop_wait_seconds_bucket{le="0.5"} 1
shop_wait_seconds_bucket{le="+Inf"} 2
shop_wait_seconds_sum 3
shop_wait_seconds_count 2
`;
/** With what no builder declares. */
const foreign = `${page}# HELP shop_size What its size is.
# TYPE shop_size summary
shop_size{quantile="0.5"} 1
shop_size_sum 1
shop_size_count 1
# HELP shop_load The load.
# TYPE shop_load untyped
shop_load 1
`;
const plain = { 'content-type': 'text/plain; version=0.0.4' };

/** Or another command, if its name comes first. */
async function infer(...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const isOther = args[0] === 'contract' || args[0] === 'check';
  const code = await run(isOther ? args : ['infer', ...args], { stdout, stderr });
  return { code, stdout: stdout.end().read()?.toString() ?? '', stderr: stderr.end().read()?.toString() ?? '' };
}

async function serve(
  t: TestContext,
  listener: RequestListener,
  tls?: { readonly cert: string; readonly key: string },
): Promise<string> {
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

/** Beside JSON, which has no comments. */
const seenOfStatus = "shop_orders_total: Seen of status: 'paid', 'open'.\n";

test('of a file, in TypeScript', async (t) => {
  const file = folderFor(t)('page.prom', page);
  const { code, stdout, stderr } = await infer(file);
  assert.deepEqual([code, stderr], [0, '']);
  const lines = stdout.split('\n');
  assert.equal(lines[0], `// Drafted from ${file}. Look through it:`);
  assert.equal(
    lines.slice(lines.indexOf('') + 1, lines.indexOf('});') + 1).join('\n'),
    `export default contract('shop', {
  orders: counter({
    // Seen of status: 'paid', 'open'.
    help: 'Orders.',
    labels: { status: capped({ limit: 100 }) },
  }),
  wait: histogram({
    unit: 's',
    help: 'Waits.',
    bounds: [0.5],
    zeroFilled: true,
  }),
});`,
  );
  assert.match(stdout, /^import \{ capped, contract, counter, histogram \} from 'meterbridge';$/m);
});

test('of a program of others, in TypeScript: data that it keeps', async (t) => {
  const folder = folderFor(t);
  const file = folder('page.prom', foreign);
  const { code, stdout, stderr } = await infer(file);
  assert.deepEqual([code, stderr], [0, '']);
  const { contract, folder: drafts } = await importDraft(t, stdout);
  assert.equal(contract.metrics.load?.kind, 'unknown');
  assert.deepEqual(contract.metrics.size?.quantiles, [0.5]);
  const json = await infer(file, '--format', 'json');
  assert.deepEqual(toJson(contract), toJson(fromJson(JSON.parse(json.stdout))));
  const kept = await infer('check', file, '--contract', join(drafts, 'runnable.mts'), '--only');
  assert.equal(kept.code, 0, kept.stdout + kept.stderr);
});

test('of a file, in JSON, which has quantiles', async (t) => {
  const { code, stdout, stderr } = await infer(folderFor(t)('page.prom', foreign), '--format', 'json', '--name', 'mine');
  assert.deepEqual([code, stderr], [0, seenOfStatus]);
  assert.deepEqual(JSON.parse(stdout), {
    name: 'mine',
    metrics: {
      shopOrders: {
        kind: 'counter',
        series: 'shop_orders_total',
        help: 'Orders.',
        labels: { status: { kind: 'capped', limit: 100 } },
      },
      shopWait: { kind: 'histogram', series: 'shop_wait_seconds', unit: 's', help: 'Waits.', bounds: [0.5], zeroFilled: true },
      shopSize: { kind: 'summary', series: 'shop_size', help: 'What its size is.', zeroFilled: true, quantiles: [0.5] },
      shopLoad: { kind: 'unknown', series: 'shop_load', help: 'The load.' },
    },
  });
});

test('of standard input', async () => {
  const child = spawn(process.execPath, [...command, 'infer', '-', '-f', 'json'], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(page);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  assert.deepEqual([code, stderr], [0, seenOfStatus]);
  assert.equal(JSON.parse(stdout).name, 'shop');
});

test('of OTLP/JSON lines: instruments and their units; what is not known is marked', async (t) => {
  const carts = { ...gauge('shop.cart.size', [point(1, 10, { host: 'a' })], 'By'), description: '' };
  const orders = { ...counter('shop.orders', [point(3, 10, { status: 'paid' })]), unit: '{order}' };
  const lines = folderFor(t)('lines.jsonl', `${line([orders, carts])}\n`);
  const json = await infer(lines, '--format', 'json');
  assert.equal(json.code, 0);
  assert.deepEqual(JSON.parse(json.stdout).metrics, {
    orders: {
      kind: 'counter',
      unit: '{order}',
      help: 'Described.',
      labels: { status: { kind: 'capped', limit: 100 } },
    },
    cartSize: {
      kind: 'gauge',
      unit: 'By',
      help: 'shop_cart_size_bytes: describe what it measures.',
      labels: { host: { kind: 'identity', limit: 100 } },
    },
  });
  const unknown = [
    'Unknown: what it measures. It has no help.',
    'Unknown: how many values host may have. 1 seen in 1 series; taken for things that come and go.',
  ];
  assert.deepEqual(json.stderr.trimEnd().split('\n'), [
    "shop_orders_total: Seen of status: 'paid'.",
    ...unknown.map((mark) => `shop_cart_size_bytes: ${mark}`),
  ]);
  const ts = await infer(lines);
  for (const mark of unknown) assert.ok(ts.stdout.includes(`\n    // ${mark}\n`), ts.stdout);
});

test('of an endpoint, asked as check asks: headers, a token, a wait', async (t) => {
  let asked = 0;
  const at = await serve(t, ({ headers }, response) => {
    const isOwn = headers.authorization === 'Bearer hush' && headers['x-key'] === 'psst';
    if (!isOwn) response.writeHead(401).end();
    else if (asked++ < 2) response.writeHead(503).end();
    else response.writeHead(200, plain).end(page);
  });
  const own = ['--bearer-file', folderFor(t)('token', 'hush\n'), '--header', 'X-Key: psst'];
  assert.equal((await infer(`${at}?key=psst`, ...own)).code, 2);
  const { code, stdout } = await infer(`${at}?key=psst`, ...own, '--wait', '60');
  assert.equal(code, 0);
  assert.equal(stdout.split('\n')[0], `// Drafted from ${at}?…. Look through it:`);
  const refused = await infer(at, '--header', 'X-Key: psst');
  assert.deepEqual([refused.code, refused.stdout], [2, '']);
  assert.match(refused.stderr, /got 401 Unauthorized/);
  assert.doesNotMatch(refused.stderr, /psst/);
});

test('of an endpoint with TLS, and in one format', async (t) => {
  const accepted: (string | undefined)[] = [];
  const tls = { cert: certificate('server.pem'), key: certificate('server.key.pem') };
  const listener: RequestListener = ({ headers }, response) => {
    accepted.push(headers.accept);
    response.writeHead(200, plain).end(page);
  };
  const at = await serve(t, listener, tls);
  const ca = [
    '--ca-file',
    new URL('../../net/web-config/certificates/authority.pem', import.meta.url).pathname,
    '--server-name',
    'localhost',
  ];
  assert.equal((await infer(at)).code, 2);
  assert.equal((await infer(at, ...ca, '--scrape-protocol', 'PrometheusText0.0.4')).code, 0);
  assert.equal(accepted.length, 1);
  assert.match(accepted[0] ?? '', /^text\/plain/);
});

test('an endpoint that does not respond in time', async (t) => {
  const at = await serve(t, (_, response) => void response.writeHead(200, plain).write(page));
  const { code, stderr } = await infer(at, '--timeout', '0.5');
  assert.equal(code, 2);
  assert.match(stderr, /no complete response within 0.5 s/);
});

test('its older name: prom-client can keep what is left out', async (t) => {
  const at = await serve(t, ({ headers }, response) => {
    if (headers['x-key'] === 'psst') response.writeHead(200, plain).end(foreign);
    else response.writeHead(401).end();
  });
  const { code, stdout } = await infer('contract', '--from-prom-client', at, '--header', 'X-Key: psst');
  assert.equal(code, 0);
  assert.match(stdout, /prom-client can go on showing it: fromPromClient/);
  assert.match(stdout, /\n {2}orders: counter\(\{\n/);
  assert.equal((await infer('contract', '--from-prom-client', at)).code, 2);
});

for (const [what, source, broken] of [
  ['a page', foreign, foreign.replace('status="paid"', 'state="paid"')],
  [
    'lines',
    line([counter('shop.orders', [point(3, 10, { status: 'paid' })])]),
    line([counter('shop.orders', [point(3, 10, { state: 'paid' })])]),
  ],
] as const) {
  test(`check holds ${what} to its draft, and names what differs from it`, async (t) => {
    const path = folderFor(t);
    const file = path('source', source);
    const { stdout } = await infer(file, '--format', 'json');
    const held = ['--contract', path('draft.json', stdout), '--only'];
    const kept = await infer('check', file, ...held);
    assert.equal(kept.code, 0, kept.stdout);
    const other = await infer('check', path('other', broken), ...held);
    assert.equal(other.code, 1);
    assert.match(other.stdout, /error: contract-label\S* shop_orders_total/);
    assert.match(other.stdout, /state/);
  });
}

for (const [what, args, message] of [
  ['no source', [], /one endpoint or file is drafted from/],
  ['two sources', ['a.prom', 'b.prom'], /one endpoint or file is drafted from/],
  ['a source and a time', ['a.prom', '--for', '5'], /URL\|FILE\|-/],
  ['a time of nothing', ['--for', '0'], /--for: got "0"/],
  ['a wrong format', ['a.prom', '--format', 'yaml'], /--format: got "yaml"/],
  ['a wrong name', ['a.prom', '--name', 'a-b'], /--name: got "a-b"/],
  ['an unknown option', ['a.prom', '--header', 'X: psst', '--nothing'], /--nothing/],
  ['no such file', ['/nowhere/page.prom'], /\/nowhere\/page\.prom: .*ENOENT/],
  ['an address that is none', ['--for', '600', '--otlp-http', 'here'], /HOST:PORT/],
] as const) {
  test(`exit code 2: ${what}`, async () => {
    const { code, stdout, stderr } = await infer(...args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /psst/);
  });
}

for (const [what, contents, message] of [
  ['an empty file', '', /no metrics/],
  ['no exposition', 'This is prose.\n', /page:1:\d+: .* Fix: /],
  ['lines that cannot be read', '{"resourceMetrics":7}\n', /page:1:\d+: .* Fix: /],
  ['lines of traces', '{"resourceSpans":[]}\n', /no metrics/],
] as const) {
  test(`exit code 2: ${what}`, async (t) => {
    const { code, stdout, stderr } = await infer(folderFor(t)('page', contents));
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  });
}
