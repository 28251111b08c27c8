/** What each framework's program has: a bridge, requests, and one line of JSON with how often each route was counted. */
import { contract, meterbridge } from 'meterbridge';
import { httpServerMetrics } from 'meterbridge/http-metrics';

export const bridge = meterbridge(contract('shop', {}));
export const http = httpServerMetrics(bridge);

export async function report(address) {
  for (const path of ['/orders/1', '/orders/2', '/broken/1', '/nowhere']) await (await fetch(address + path)).text();
  for (;;) {
    const counts = await counted();
    if (Object.values(counts).reduce((sum, count) => sum + count, 0) >= 4) return console.log(JSON.stringify(counts));
  }
}

async function counted() {
  const family = (await bridge.gather()).find(({ name }) => name === 'http_server_request_duration_seconds');
  const counts = (family?.samples ?? []).filter(({ name }) => name.endsWith('_count'));
  return Object.fromEntries(
    counts.map(({ labels, value }) => {
      const { http_route: route = '', http_response_status_code: status } = Object.fromEntries(labels);
      return [`${route} ${status}`.trim(), value];
    }),
  );
}
