/** `ExportMetricsServiceResponse` with a `partial_success`, by hand from metrics_service.proto. */
export function encodePartialSuccess(rejected: number, message: string): Uint8Array {
  const text = new TextEncoder().encode(message);
  const partial = [1 * 8, rejected, 2 * 8 + 2, text.length, ...text];
  return Uint8Array.from([1 * 8 + 2, partial.length, ...partial]);
}
