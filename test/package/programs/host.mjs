/** A program that OpenTelemetry's SDK for Node.js instruments, and Meterbridge in it: they share one API, and so the active span. */
import { createRequire } from 'node:module';
import { metrics, trace } from '@opentelemetry/api';
import * as sdkNode from '@opentelemetry/sdk-node';
import { contract, counter, meterbridge } from 'meterbridge';
import { sdkEngine } from 'meterbridge/sdk';

const { NodeSDK } = sdkNode.NodeSDK === undefined ? sdkNode.default : sdkNode;
const done = async () => {};
const sdk = new NodeSDK({
  spanProcessors: [{ onStart() {}, onEnd() {}, forceFlush: done, shutdown: done }],
  instrumentations: [],
});
sdk.start();

const shop = contract('shop', { orders: counter({ help: 'Orders.', exemplars: true }) });

async function seen(options) {
  const bridge = meterbridge(shop, { env: {}, push: false, isolated: true, log() {}, ...options });
  metrics.disable();
  metrics.setGlobalMeterProvider(bridge.meterProvider);
  metrics.getMeter('library').createCounter('calls').add(2);
  const traceId = trace.getTracer('shop').startActiveSpan('order', (span) => {
    bridge.metrics.orders.add(3);
    span.end();
    return span.spanContext().traceId;
  });
  const { url } = await bridge.listen('127.0.0.1:0');
  const page = await (await fetch(url, { headers: { accept: 'application/openmetrics-text; version=1.0.0' } })).text();
  await bridge.close();
  return {
    orders: /^shop_orders_total (\d+)/m.exec(page)?.[1],
    calls: /^calls_total\S* (\d+)/m.exec(page)?.[1],
    exemplar: /trace_id="(\w+)"/.exec(page)?.[1] === traceId,
  };
}

const own = createRequire(import.meta.url);
const theirs = createRequire(own.resolve('meterbridge'));
process.stdout.write(
  JSON.stringify({
    oneApi: own.resolve('@opentelemetry/api') === theirs.resolve('@opentelemetry/api'),
    store: await seen({}),
    sdk: await seen({ engine: sdkEngine() }),
  }),
);
await sdk.shutdown();
