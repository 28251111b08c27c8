/** The first frame of each error is the user's: where Meterbridge was called, and not where it found the problem. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { mountRunwispMetrics, resolveRunwispMetrics, runwisp, runwispRecorder } from '../../../instrumentation/runwisp/index.ts';
import { secret } from '../../../src/access.ts';
import { publicFunctions } from '../../../src/host.ts';
import { contract, counter, gauge, MeterbridgeError, meterbridge, nodeListener } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';

const shop = contract('shop', { orders: counter({ help: 'Orders.' }), stock: gauge({ observed: true, help: 'Stock.' }) });

async function taken(t: TestContext): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

type Probe = (t: TestContext) => unknown;
const open = (t: TestContext, options = {}) => {
  const bridge = testBridge(shop, options);
  t.after(() => bridge.close());
  return bridge;
};

const calls: Readonly<Record<string, Probe>> = {
  'a function': () => {
    nodeListener({} as never);
  },
  'a function with one below it': () => {
    contract('shop', { orders: counter({ help: '' }) });
  },
  'an address off this machine': async (t) => {
    await open(t).bridge.listen('0.0.0.0:0');
  },
  'a wrong address': async (t) => {
    await open(t).bridge.listen('127.0.0.1:99999');
  },
  'a port that is taken': async (t) => {
    const address = await taken(t);
    await listenAt(t, address);
  },
  'a listener in a thread': async (t) => {
    const address = await taken(t);
    await listenAt(t, address, { thread: true });
  },
  'a web configuration': async (t) => {
    await listenAt(t, '127.0.0.1:0', { webConfig: '/nowhere/web-config.yml' });
  },
  'a second callback': (t) => {
    const { metrics } = open(t);
    metrics.stock.observe(() => 1);
    metrics.stock.observe(() => 2);
  },
  'a group': (t) => {
    open(t).bridge.observe([{}] as never, () => {});
  },
  'another contract': (t) => {
    open(t).bridge.register({} as never);
  },
  'a measurement, with strict': (t) => {
    open(t, { strict: true }).metrics.orders.add(-1);
  },
  'a bound measurement, with strict': (t) => {
    open(t, { strict: true }).metrics.orders.bind({}).add(-1);
  },
  'a value of a test': async (t) => {
    await (open(t).value as (metric: string) => unknown)('order');
  },
  "a host's configuration": () => {
    resolveRunwispMetrics({ metrics_enabled: 'yes' });
  },
  "a host's second recorder": (t) => {
    const { bridge } = testBridge(runwisp);
    t.after(() => bridge.close());
    const probes = {
      runTotals: () => ({ success: 0, failed: 0, missed: 0 }),
      tasks: () => [],
      host: () => ({}),
      startedAt: 0,
      version: '1',
    };
    runwispRecorder(bridge, probes);
    runwispRecorder(bridge, probes);
  },
  "a host's listener": async (t) => {
    const { bridge } = testBridge(runwisp);
    t.after(() => bridge.close());
    await mountRunwispMetrics({ app: {} as never, bridge, config: { enabled: true, listen: '0.0.0.0:0', public: false } });
  },
  'a call that nobody awaits': async (t) => {
    await open(t)
      .bridge.listen('0.0.0.0:0')
      .then(() => {});
  },
};

const listenAt = (t: TestContext, address: string, options = {}) => open(t).bridge.listen(address, options);

for (const [name, call] of Object.entries(calls)) {
  test(`the first frame is the caller's: ${name}`, async (t) => {
    const error = await thrownBy(() => call(t));
    assert.match(firstFrame(error), /caller\.test\.ts/);
    assert.doesNotMatch(firstFrame(error), /thrownBy/);
    assert.ok(error.stack?.startsWith(`MeterbridgeError: ${error.message}\n    at `), error.stack);
    assert.equal(Object.getPrototypeOf(error), MeterbridgeError.prototype);
    assert.ok(error instanceof Error);
  });
}

test('of a public function that a public one calls, the outer one counts', () => {
  function inner(): never {
    throw new MeterbridgeError('OPTION_INVALID', [{ at: 'a', got: 'b', rule: 'c', fix: 'd' }]);
  }
  function outer(): void {
    inner();
  }
  publicFunctions(inner, outer);
  function wanted(): void {
    outer();
  }
  return thrownBy(wanted).then((error) => assert.match(firstFrame(error), / wanted /));
});

test('below many frames, and where a program looks at few, the first frame is still the caller', async () => {
  const limit = Error.stackTraceLimit;
  const deep = (left: number): unknown => (left === 0 ? secret('') : deep(left - 1));
  try {
    Error.stackTraceLimit = 1;
    assert.match(firstFrame(await thrownBy(() => deep(100))), / deep /);
    assert.equal(Error.stackTraceLimit, 1);
    Error.stackTraceLimit = 0;
    assert.equal(firstFrame(await thrownBy(() => deep(1))), '');
  } finally {
    Error.stackTraceLimit = limit;
  }
});

test('a program that shows stacks in its own way gets the error', async () => {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    const error = await thrownBy(() => nodeListener({} as never));
    assert.equal(error.code, 'OPTION_INVALID');
    const later = await thrownBy(() => testBridge(shop).bridge.listen('0.0.0.0:0'));
    assert.equal(later.code, 'LISTEN_NOT_LOOPBACK');
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});

test('an error of somebody else stays as it is', async () => {
  const theirs = new Error('theirs');
  const { stack } = theirs;
  const options = {
    get push() {
      throw theirs;
    },
  };
  await assert.rejects(async () => meterbridge(shop, options as never), theirs);
  assert.equal(theirs.stack, stack);
});

function firstFrame({ stack = '' }: Error): string {
  return /^ {4}at .*$/m.exec(stack)?.[0] ?? '';
}

async function thrownBy(call: () => unknown): Promise<MeterbridgeError> {
  try {
    await call();
  } catch (error) {
    assert.ok(MeterbridgeError.is(error), String(error));
    return error;
  }
  return assert.fail('nothing was thrown');
}
