/**
 * A program that records through OpenTelemetry's API and showed its metrics with `PrometheusExporter`. Only the set-up changes.
 * Series get their unit into their names, as a Collector writes them: `shop_wait` becomes `shop_wait_seconds`.
 */
import { metrics } from '@opentelemetry/api';
import { contract, meterbridge } from 'meterbridge';

// Before:
//   const exporter = new PrometheusExporter({ port: 9464 });
//   metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));
const bridge = meterbridge(contract('shop', {}));
metrics.setGlobalMeterProvider(bridge.meterProvider);

// This part is as it was.
const meter = metrics.getMeter('orders', '1.0.0');
const orders = meter.createCounter('shop.orders', { unit: '{order}', description: 'Orders taken.' });
const wait = meter.createHistogram('shop.wait', {
  unit: 's',
  description: 'Time in the queue.',
  advice: { explicitBucketBoundaries: [0.1, 1] },
});
orders.add(2, { payment: 'card' });
wait.record(0.25);

const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '127.0.0.1:9464');
console.log(`its metrics: ${url}`);
process.once('SIGTERM', () => bridge.close()); // a server of your own keeps the program running: close it here, too
