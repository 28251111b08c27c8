/** `meterbridge/prom-client`: the metrics of an existing prom-client registry, beside a contract's. */
import './core/node/supported.ts';

export { type FromPromClientOptions, fromPromClient } from './library/prom-client/from-prom-client.ts';
export type { PromClientMetric, PromClientRegistry, PromClientValue } from './library/prom-client/registry.ts';
