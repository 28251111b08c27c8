/**
 * A function of AWS Lambda, or of a host like it: its process is frozen between invocations, so that each one pushes before it
 * responds.
 */
import { contract, counter, meterbridge } from 'meterbridge';

const shop = contract('shop', { orders: counter({ unit: '{order}', help: 'Orders taken.' }) });
const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'http://127.0.0.1:4318';
const bridge = meterbridge(shop, { push: { endpoint } });

export async function handler(event: { readonly orders: number }): Promise<{ statusCode: number }> {
  try {
    bridge.metrics.orders.add(event.orders);
    return { statusCode: 201 };
  } finally {
    // Not close(): the next invocation records in the same process.
    await bridge.flush();
  }
}
