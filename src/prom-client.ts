/** `meterbridge/prom-client`: the metrics of an existing prom-client registry, beside a contract's. */
import './node/supported.ts';

export { type FromPromClientOptions, fromPromClient } from './prom-client/from-prom-client.ts';
export type { PromClientMetric, PromClientRegistry, PromClientValue } from './prom-client/registry.ts';
