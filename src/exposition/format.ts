/** The two text formats: OpenMetrics 1.0 and Prometheus text 0.0.4. */
export type TextFormat = 'openmetrics' | 'text';
