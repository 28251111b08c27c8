/** OTLP over HTTP: a push with one of these answers is retried; all other answers are final. */
export const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);
