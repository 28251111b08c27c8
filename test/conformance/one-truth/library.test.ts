/** What Prometheus stores is what was recorded, by each road of the library, and in each format. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type BridgeListenOptions, type BridgeOptions, contract, gauge, meterbridge } from '../../../src/index.ts';
import { fromPromClient } from '../../../src/prom-client.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { inReverse } from '../in-reverse.ts';
import { assertStored, generatorFor } from './stored.ts';
import { bounds, kinds, type Measurement, measurements, record, truthOf } from './truth.ts';

const nothing = contract('nothing', { here: gauge({ help: 'Not recorded.' }) });
const open = (options: BridgeOptions) => meterbridge(nothing, { isolated: true, env: {}, log: () => {}, ...options });

async function pageOf(
  t: TestContext,
  measured: readonly Measurement[],
  options: BridgeOptions = {},
  listening: BridgeListenOptions = {},
): Promise<string> {
  const bridge = open(options);
  inReverse(t)(bridge.close);
  record(bridge.meterProvider, measured);
  return (await bridge.listen('127.0.0.1:0', listening)).url;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'mb-'));
  inReverse(t)(async () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Each part is another life of one process. */
async function pageOfRestarts(t: TestContext, parts: readonly (readonly Measurement[])[]): Promise<string> {
  const processes = { directory: folder(t), keep: true } as const;
  for (const part of parts.slice(0, -1)) {
    const bridge = open({ processes });
    record(bridge.meterProvider, part);
    await bridge.listen('127.0.0.1:0');
    await bridge.close();
  }
  return pageOf(t, parts.at(-1) ?? [], { processes });
}

/** Each part is another process's; the first of them has ended. */
async function pageOfProcesses(t: TestContext, parts: readonly (readonly Measurement[])[]): Promise<string> {
  const processes = folder(t);
  const urls: string[] = [];
  for (const [index, part] of parts.entries()) {
    const bridge = open({ processes });
    record(bridge.meterProvider, part);
    urls.push((await bridge.listen('127.0.0.1:0')).url);
    // The members see one another.
    await fetch(urls.at(-1) as string);
    if (index > 0) inReverse(t)(bridge.close);
    else {
      const stays = open({ processes });
      inReverse(t)(stays.close);
      await fetch((await stays.listen('127.0.0.1:0')).url);
      await bridge.close();
    }
  }
  return urls.at(-1) as string;
}

async function pageOfRegistry(t: TestContext, measured: readonly Measurement[]): Promise<string> {
  const register = new Registry();
  const own = { labelNames: ['a', 'b'], registers: [register] };
  const counter = new Counter({ name: 'truth_count_total', help: 'Count.', ...own });
  const level = new Gauge({ name: 'truth_level', help: 'Level.', ...own });
  const time = new Histogram({ name: 'truth_time', help: 'Time.', buckets: [...bounds], ...own });
  const now = new Gauge({ name: 'truth_now', help: 'Now.', ...own });
  for (const { kind, value, attributes } of measured) {
    const labels = Object.fromEntries(
      Object.entries(attributes).map(([name, given]) => [name, Array.isArray(given) ? JSON.stringify(given) : String(given)]),
    );
    if (kind === 'time') time.observe(labels, value);
    else if (kind === 'now') now.set(labels, value);
    else (kind === 'count' ? counter : level).inc(labels, value);
  }
  const bridge = open({});
  inReverse(t)(bridge.close);
  fromPromClient(bridge, register);
  return (await bridge.listen('127.0.0.1:0')).url;
}

test('what Prometheus stores is what was recorded, by each road of the library', async (t) => {
  const generator = generatorFor(t);
  if (generator === undefined) return;
  const measured = measurements(generator, 400, kinds);
  const truth = truthOf(measured);
  // The SDK's points have the time of their collection, so that of a gauge's two spellings none is the newer one; those of a
  // registry have none at all.
  const collected = measurements(generator, 400, kinds, ['now']);
  const registered = measurements(generator, 400, kinds, ['level', 'now']);
  // What goes up and down is a process's own, and ends with it.
  const parts = [1, 2, 3].map(() => measurements(generator, 100, ['count', 'time']));
  await assertStored(t, {
    'store engine': { url: await pageOf(t, measured), truth },
    "SDK's engine": { url: await pageOf(t, collected, { engine: sdkEngine() }), truth: truthOf(collected) },
    "listener's thread": { url: await pageOf(t, measured, {}, { thread: true }), truth },
    'registry of prom-client': { url: await pageOfRegistry(t, registered), truth: truthOf(registered) },
    'restarts, with totals that are kept': { url: await pageOfRestarts(t, parts), truth: truthOf(parts.flat()) },
    'several processes, one of which has ended': { url: await pageOfProcesses(t, parts), truth: truthOf(parts.flat()) },
  });
});
