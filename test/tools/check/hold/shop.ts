/** A contract with every part that can be held to, and a page of text 0.0.4 that keeps it. */
import {
  type Contract,
  capped,
  contract,
  counter,
  fromJson,
  gauge,
  histogram,
  identity,
  info,
  oneOf,
  toJson,
  upDownCounter,
} from '../../../../src/core/contract/index.ts';

const declared = contract('shop', {
  orders: counter({
    unit: '{order}',
    help: 'Orders.',
    labels: { status: oneOf('paid', 'failed'), channel: oneOf('web', 'phone') },
  }),
  tables: gauge({
    help: 'Guests by table.',
    labels: { table: identity({ limit: 5 }), area: capped({ limit: 100, optional: true }) },
  }),
  waiting: upDownCounter({ help: 'Guests that wait.', labels: { party: capped({ limit: 2 }) } }),
  serving: histogram({ unit: 's', help: 'Time to serve.', bounds: [1, 5], constantLabels: { site: 'north' } }),
  sizes: histogram({ unit: 'By', help: 'Sizes.', exponential: {} }),
  lastFailure: gauge({ observed: true, unit: 's', help: 'Last failure.', omitEmpty: true }),
  open: gauge({ observed: true, help: 'Doors by state.', labels: { state: oneOf('open', 'shut') } }),
  load: gauge({ help: 'Load.', across: 'worker' }),
  buildInfo: info({ help: 'Version.', labels: { version: identity() } }),
});

/** A summary's quantiles are a foreign endpoint's alone, which contracts know as JSON. */
const json = toJson(declared);
const latency = { kind: 'summary', help: 'Latency.', unit: 's', quantiles: [0.5, 0.9] } as const;
export const shop: Contract = fromJson({ ...json, metrics: { ...json.metrics, latency } });

export const page = `# HELP shop_orders_total Orders.
# TYPE shop_orders_total counter
shop_orders_total{status="paid",channel="web"} 3
shop_orders_total{status="paid",channel="phone"} 0
shop_orders_total{status="failed",channel="web"} 1
shop_orders_total{status="failed",channel="phone"} 0
# HELP shop_tables Guests by table.
# TYPE shop_tables gauge
shop_tables{table="1",area="garden"} 4
shop_tables{table="2"} 1
# HELP shop_waiting Guests that wait.
# TYPE shop_waiting gauge
shop_waiting{party="a"} 1
# HELP shop_serving_seconds Time to serve.
# TYPE shop_serving_seconds histogram
shop_serving_seconds_bucket{site="north",le="1"} 1
shop_serving_seconds_bucket{site="north",le="5"} 2
shop_serving_seconds_bucket{site="north",le="+Inf"} 2
shop_serving_seconds_sum{site="north"} 3
shop_serving_seconds_count{site="north"} 2
# HELP shop_sizes_bytes Sizes.
# TYPE shop_sizes_bytes histogram
shop_sizes_bytes_bucket{le="+Inf"} 1
shop_sizes_bytes_sum 7
shop_sizes_bytes_count 1
# HELP shop_last_failure_seconds Last failure.
# TYPE shop_last_failure_seconds gauge
shop_last_failure_seconds 12
# HELP shop_open Doors by state.
# TYPE shop_open gauge
shop_open{state="open"} 1
shop_open{state="shut"} 0
# HELP shop_load Load.
# TYPE shop_load gauge
shop_load{worker="1"} 0.5
# HELP shop_build_info Version.
# TYPE shop_build_info gauge
shop_build_info{version="1.2"} 1
# HELP shop_latency_seconds Latency.
# TYPE shop_latency_seconds summary
shop_latency_seconds{quantile="0.5"} 0.1
shop_latency_seconds{quantile="0.9"} 0.2
shop_latency_seconds_sum 3
shop_latency_seconds_count 20
`;
