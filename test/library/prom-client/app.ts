/** An app's 20 metrics on prom-client, with names, labels and values of every sort, and its default metrics. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, Summary } from 'prom-client';

export function promClientApp(): Registry {
  const register = new Registry();
  const registers = [register];
  const counter = (name: string, labelNames: string[] = []) =>
    new Counter({ name, help: `Help of ${name}.`, labelNames, registers });
  const gauge = (name: string, labelNames: string[] = []) => new Gauge({ name, help: `Help of ${name}.`, labelNames, registers });
  const histogram = (name: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name, help: `Help of ${name}.`, labelNames, buckets, registers });

  counter('http_requests_total', ['method', 'code']).inc({ method: 'GET', code: 200 }, 7);
  counter('orders_created', ['shop']).inc({ shop: 'a "quoted\\ one"\nof two lines' }, 3);
  counter('orders_total').inc(5);
  counter('cacheHits').inc(2.5);
  counter('a:b_total').inc(1);
  counter('total_total_total').inc(1);
  counter('never_counted_total');
  counter('never_seen_total', ['who']);
  gauge('_hidden__twice_').set(1e21);
  gauge('temperature_celsius', ['room__no', '_floor']).set({ room__no: '1', _floor: 'ground' }, -3.5);
  gauge('undefined_ratio').set(Number.NaN);
  gauge('largest').set(Number.POSITIVE_INFINITY);
  gauge('smallest').set(Number.NEGATIVE_INFINITY);
  gauge('below', ['le', 'quantile']).set({ le: '0.5', quantile: 'none' }, 4);
  gauge('orders').set(12);
  const durations = histogram('job_duration_seconds', [0.003, 0.03, 0.1, 0.3, 1.5, 10], ['task']);
  for (const seconds of [0.001, 0.02, 0.3, 4, 40]) durations.observe({ task: 'backup' }, seconds);
  durations.observe({ task: 'été' }, 0.5);
  histogram('queue_depth', [0, 10, 100]).observe(17);
  histogram('unobserved_bytes', [1024], ['kind']);
  const latency = new Summary({
    name: 'latency_ms',
    help: 'Help\nof two lines with \\ in it.',
    percentiles: [0.5, 0.9, 0.999],
    labelNames: ['route'],
    registers,
  });
  for (let ms = 1; ms <= 100; ms++) latency.observe({ route: '/x' }, ms);
  new Summary({ name: 'plain_summary', help: 'Sum and count.', percentiles: [], registers }).observe(3);
  return register;
}

export function withDefaults(register: Registry): Registry {
  collectDefaultMetrics({ register });
  return register;
}
