/** What is read of a registry: the shape of prom-client 14 and 15 and of @prometheus-io/client, neither of which is loaded. */

export interface PromClientRegistry {
  /** All metrics with their values, as `Registry` returns them. */
  getMetricsAsJSON(): Promise<readonly PromClientMetric[]>;
  /** A registry of OpenMetrics shows each counter with `_total`. */
  readonly contentType?: string;
}

export interface PromClientMetric {
  readonly name: string;
  readonly help: string;
  /** `counter`, `gauge`, `histogram` or `summary`. */
  readonly type: unknown;
  /** How a gauge combines over several processes; `omit`: no kind is shown of them. */
  readonly aggregator?: unknown;
  readonly values?: readonly PromClientValue[];
}

export interface PromClientValue {
  readonly value: number;
  readonly labels?: Readonly<Record<string, unknown>>;
  /** Of a histogram and a summary: `x_bucket`, `x_sum`, `x_count`. */
  readonly metricName?: string;
}
