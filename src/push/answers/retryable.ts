/** OTLP over HTTP: after these a push is tried again; all other answers are final. */
export const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);
