/** What real senders push arrives alike in both: the hosts' recorders, telemetrygen and the SDK for Python. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { send } from '../../service/receivers/otlp/http-client.ts';
import { daemonNames, daemons } from '../daemons.ts';
import { inReverse } from '../in-reverse.ts';
import { requirePeer } from '../peers.ts';
import { random } from '../random.ts';
import { assertSame, linesOf } from './page.ts';
import { askBoth, startTwin, type Twin } from './twin.ts';

const steps = 200;
const run = promisify(execFile);
const python = fileURLToPath(new URL('../otlp-clients.py', import.meta.url));

/** A receiver that hands each request on to both, as it came, and answers with what the service says. Its host. */
async function startTee(t: TestContext, twin: Twin): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { 'content-type': type = '', 'content-encoding': encoding } = request.headers;
    const headers = { 'content-type': type, ...(encoding === undefined ? {} : { 'content-encoding': encoding }) };
    const { service, collector } = await askBoth(twin, ({ http }) => send(http, { headers, body }));
    response.writeHead(collector.status === 200 ? service.status : 500, { 'content-type': type }).end(service.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `127.0.0.1:${address.port}`;
}

/**
 * Over gRPC a sender runs once for each of the two: telemetrygen draws its exponential histograms by lot, and each run of the SDK
 * is an instance of its own.
 */
function withoutChance(line: string): string {
  const named = line.replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'uuid');
  return named.startsWith('grpc_exponential') ? named.replace(/ [^ ]+$/, '') : named;
}

async function compare(twin: Twin, has: RegExp): Promise<void> {
  for (const name of ['plain', 'bare'] as const)
    for (const format of ['text', 'openmetrics'] as const) {
      const pages = await askBoth(twin, async (side) =>
        linesOf(await side.page(name, format), format)
          .map(withoutChance)
          .toSorted(),
      );
      assertSame(pages, `${name} ${format}`);
      assert.match(pages.collector.join('\n'), has);
    }
}

for (const host of daemonNames)
  test(`${host} pushes to both`, async (t) => {
    const atEnd = inReverse(t);
    const twin = await startTwin(t);
    if (twin === undefined) return;
    const generator = random();
    t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
    const daemon = await daemons[host].start(generator, `http://${await startTee(t, twin)}`);
    atEnd(daemon.close);
    daemon.run(steps);
    await daemon.push();
    await compare(twin, /\{.*\} [1-9]/);
    daemon.lose();
    daemon.run(steps);
    await daemon.push();
    await compare(twin, /\{.*\} [1-9]/);
  });

test('telemetrygen sends all types to both', async (t) => {
  const program = requirePeer(t, 'telemetrygen');
  const twin = await startTwin(t);
  if (program === undefined || twin === undefined) return;
  const tee = await startTee(t, twin);
  for (const type of ['Gauge', 'Sum', 'Histogram', 'ExponentialHistogram'])
    for (const temporality of ['cumulative', 'delta'])
      await t.test(`${type}, ${temporality}`, async () => {
        // Its deltas begin a second before they end: two of them in a second would overlap, which is one of the differences.
        const name = (protocol: string) => `${protocol}.${type}.${temporality}`.toLowerCase();
        const common = [
          'metrics',
          '--otlp-insecure',
          '--metrics',
          temporality === 'delta' ? '1' : '3',
          '--rate',
          '100',
          '--metric-type',
          type,
        ];
        const args = [...common, '--aggregation-temporality', temporality, '--telemetry-attributes', 'k="v"'];
        await run(program, [...args, '--otlp-http', '--otlp-endpoint', tee, '--otlp-metric-name', name('http')]);
        await askBoth(twin, ({ grpc }) => run(program, [...args, '--otlp-endpoint', grpc, '--otlp-metric-name', name('grpc')]));
        await compare(twin, new RegExp(`# TYPE http_${type}_${temporality}`, 'i'));
      });
});

test('the SDK for Python sends to both', async (t) => {
  const program = requirePeer(t, 'pythonSdk');
  const twin = await startTwin(t);
  if (program === undefined || twin === undefined) return;
  await run(program, [python, 'http', await startTee(t, twin), 'gzip']);
  await compare(twin, /jobs_done(_bytes)?(_total)?\{.*k="v".*\} 7/);
  await askBoth(twin, ({ grpc }) => run(program, [python, 'grpc', grpc, 'gzip']));
  await compare(twin, /jobs_done(_bytes)?(_total)?\{.*k="v".*\} 7/);
});
